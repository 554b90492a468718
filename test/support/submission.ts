import { completeChangeSet, SOURCE } from './change-set.ts';
import { CONTRACT } from './contract.ts';

type Fields = Readonly<Record<string, unknown>>;

/** The body of a submission by a runner. */
export function submission(proposalId: string, changes: Fields = {}) {
  return {
    schema_version: 'synapsor.runner-proposal.v1',
    runner_id: 'runner-1',
    source_id: SOURCE,
    contract: CONTRACT,
    change_set: completeChangeSet(proposalId, changes),
  };
}
