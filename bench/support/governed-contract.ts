import type { AgentContract } from '@countersign/protocol/contract/contract-document';
import type { PolicyDocument } from '@countersign/protocol/policy-document';
import { benchContract, CAPABILITY } from './bench-contract.ts';

/** Who decides what no policy does. */
export const APPROVAL_ROLE = 'billing_lead';

/** More than a bench reaches in a day: a limit is counted and never met. */
const NEVER_REACHED = 1_000_000_000;

/** The bench's contract, which leaves the decision to policies: its own, and before it those of the project. */
export const governedContract: AgentContract = {
  ...benchContract,
  policies: [
    {
      name: 'small_fees',
      kind: 'approval',
      rules: [{ field: 'late_fee_cents', max: 1_000 }],
      limits: [{ kind: 'count', max: NEVER_REACHED, period: 'day' }],
    },
  ],
  capabilities: benchContract.capabilities.map((capability) =>
    capability.proposal === undefined
      ? capability
      : {
          ...capability,
          proposal: {
            ...capability.proposal,
            approval: { mode: 'policy', policy: 'small_fees', required_role: APPROVAL_ROLE },
          },
        },
  ),
};

/** The project's policy that approves what the bench proposes; every approval is counted twice. */
export const approvingPolicy: PolicyDocument = {
  name: 'waive_late_fees',
  applies_to: [CAPABILITY],
  when: 'after.late_fee_cents <= before.late_fee_cents && before.status == "overdue" && agent.name != "trainee"',
  effect: 'approve',
  limits: [
    { count: NEVER_REACHED, per: 'policy', period: 'day' },
    { total: NEVER_REACHED, of: 'late_fee_cents', per: 'agent', period: 'day' },
  ],
  tests: [
    { name: 'waived', given: given({ from: 5_500, to: 0 }), expect: 'approve' },
    { name: 'raised', given: given({ from: 0, to: 5_500 }), expect: 'no_match' },
  ],
};

function given({ from, to }: { from: number; to: number }): PolicyDocument['tests'][number]['given'] {
  return {
    before: { status: 'overdue', late_fee_cents: from },
    patch: { late_fee_cents: to },
    agent: { name: 'desk' },
  };
}
