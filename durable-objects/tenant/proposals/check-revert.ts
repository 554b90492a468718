import type { ChangeSet } from '@countersign/protocol/change-set';
import { revertFault } from '@countersign/protocol/change-set/fit-revert';
import { jobIdOf } from '@countersign/protocol/ids';
import type { Refusal } from '@countersign/protocol/problem';
import type { World } from '../turn/world.ts';

/**
 * Whether what a compensation takes back was proposed here, was applied, and is taken back as it was: reviewers are shown
 * that it restores a row, and nothing else may pass under that name. Undefined for every other change.
 */
export function checkRevert(world: World, changeSet: ChangeSet, sourceId: string): Refusal | undefined {
  if (!('compensation' in changeSet)) return undefined;
  const { descriptor, forward_receipt_hash } = changeSet.compensation;
  const { forward_proposal_id, forward_writeback_job_id, lineage } = descriptor;
  const row = world.proposal(forward_proposal_id);
  if (row === undefined || row.state !== 'applied' || row.source_id !== sourceId)
    return unfounded('the proposal that it takes back was not applied here');
  if (row.result?.result_hash !== forward_receipt_hash)
    return unfounded('the proposal that it takes back has another receipt');
  if (lineage.reverts_proposal_id !== forward_proposal_id)
    return unfounded('its lineage names another proposal');
  if (forward_writeback_job_id !== jobIdOf(forward_proposal_id))
    return unfounded('it names another job than the proposal had');
  const body = world.body(row.body_seq);
  if (body === undefined || !('change_set' in body))
    return unfounded('the proposal that it takes back has no exact change');
  const fault = revertFault(changeSet, body.change_set);
  return fault === undefined ? undefined : unfounded(fault);
}

function unfounded(message: string): Refusal {
  return { code: 'revert_unfounded', message, next: 'take an applied change back as its receipt has it' };
}
