import type { AgentContract } from '@countersign/protocol/contract/contract-document';
import { acmeContract } from '../../../scripts/stack/acme-contract.ts';

interface Changes {
  readonly version: string;
  readonly mostCents: number;
  readonly description?: string;
}

/** A contract of its own beside the one that other tests propose by: one capability, a credit, up to an amount. */
export function creditContract(
  sourceId: string,
  { description, mostCents, version }: Changes,
): AgentContract {
  const whole = acmeContract(sourceId);
  const adjust = whole.capabilities.find(({ name }) => name === 'billing.adjust_late_fee');
  if (adjust?.proposal === undefined) throw new TypeError('the contract of the stack has no such capability');
  const { args, proposal } = adjust;
  const name = 'credit.set_late_fee';
  const { policies: _policies, 'x-cloud-actions': _actions, ...rest } = whole;
  return {
    ...rest,
    metadata: { name: 'acme-credit', version, description: description ?? 'Credits' },
    capabilities: [
      {
        ...adjust,
        name,
        args: { ...args, late_fee_cents: { type: 'number', minimum: 0, maximum: mostCents } },
        proposal: {
          ...proposal,
          action: name,
          numeric_bounds: { late_fee_cents: { minimum: 0, maximum: mostCents } },
          approval: { mode: 'human', required_role: 'billing_lead', required_approvals: 1 },
        },
      },
    ],
  };
}
