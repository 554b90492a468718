import type { AgentContract, Capability } from '@countersign/protocol/contract/contract-document';
import { SOURCE } from '../support/change-set.ts';
import { lateFeeCapability, testContract, WAIVE } from '../support/contract.ts';
import type { Need } from './proposal.ts';

/** The contract of the model's tenants, besides the one that every test tenant has, and what it means. */

export const LEAD = 'billing_lead';
/** The one who has that role. */
export const LEADS: readonly string[] = ['ada'];

export const PLAIN = 'model.plain';
export const LED = 'model.led';
export const PAIR = 'model.pair';
/** A policy approves fees to `SMALL_FEE`, so many times on a day. */
export const SMALL = 'model.small';
export const SMALL_FEE = 500;
export const SMALL_A_DAY = 2;

type Approval = NonNullable<NonNullable<Capability['proposal']>['approval']>;

const approvals: Readonly<Record<string, Approval>> = {
  [PLAIN]: { mode: 'human' },
  [LED]: { mode: 'human', required_role: LEAD },
  [PAIR]: { mode: 'human', required_approvals: 2 },
  [SMALL]: { mode: 'policy', policy: 'small', required_role: LEAD },
};

export function modelContract(): AgentContract {
  const capabilities = Object.entries(approvals).map(([name, approval]) => {
    const capability = lateFeeCapability(name, { source: SOURCE, visible_fields: ['late_fee_cents'] });
    const { proposal } = capability;
    return proposal === undefined ? capability : { ...capability, proposal: { ...proposal, approval } };
  });
  const limits = [{ kind: 'count', max: SMALL_A_DAY, period: 'day' } as const];
  const rules = [{ field: 'late_fee_cents', max: SMALL_FEE }];
  return {
    ...testContract(),
    metadata: { name: 'model', version: '1.0.0' },
    capabilities,
    policies: [{ name: 'small', kind: 'approval', rules, limits }],
  };
}

/** What a capability needs, and what its proposer asks for besides. */
export function needsOf(capability: string, asked?: Need): Need[] {
  const { required_role: role = null, required_approvals: most = 1 } = approvals[capability] ?? {};
  const own = capability === WAIVE ? { role: null, approvals: 1 } : { role, approvals: most };
  const all = asked === undefined ? [own] : [own, asked];
  const led = Math.max(0, ...all.filter((need) => need.role !== null).map((need) => need.approvals));
  const anyone = Math.max(0, ...all.filter((need) => need.role === null).map((need) => need.approvals));
  const needs: Need[] = [];
  // As many of a role as of anyone are enough of anyone.
  if (anyone > led) needs.push({ role: null, approvals: anyone });
  if (led > 0) needs.push({ role: LEAD, approvals: led });
  return needs;
}
