import { isWritable } from '@countersign/protocol/change-set';
import { jobIdOf } from '@countersign/protocol/ids';
import type { Submission } from '../turn/body.ts';
import type { Draft } from '../turn/event.ts';
import type { Governed } from './govern.ts';

/** The entry of a policy that approves; it takes what it approves off its limits. */
export function approvedByPolicy(
  submission: Submission,
  { policy, counted }: Extract<Governed, { kind: 'approved' }>,
): Draft {
  const { proposal_id, change_set, effect_digest } = submission;
  return {
    type: 'proposal.approved',
    actor: { kind: 'policy', id: policy },
    subject: proposal_id,
    body: {
      reason: null,
      name: `the policy ${policy}`,
      effect_digest,
      approval_roles: [],
      job_id: isWritable(change_set) ? jobIdOf(proposal_id) : null,
      counted,
    },
  };
}
