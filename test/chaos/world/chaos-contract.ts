import type { AgentContract } from '@countersign/protocol/contract/contract-document';
import { lateFeeCapability, testContract } from '../../support/contract.ts';
import { columns, type Shop } from './shop.ts';

/** Below zero the database refuses: the contract must let it come so far. */
const FEES = { minimum: -1_000_000, maximum: 1_000_000 } as const;

/** What is proposed at a shop. */
export function capabilityAt({ name }: Shop): string {
  return `chaos.waive_at_${name}`;
}

/** The contract of a campaign: the same change at each shop. */
export function chaosContract(shops: readonly Shop[]): AgentContract {
  const capabilities = shops.map((shop) => {
    const name = capabilityAt(shop);
    return lateFeeCapability(name, {
      source: shop.sourceId,
      subject: { schema: shop.schema, table: 'invoices', primary_key: 'id', tenant_key: 'tenant_id' },
      args: {
        invoice_id: { type: 'string', max_length: 64 },
        late_fee_cents: { type: 'number', ...FEES },
        waiver_reason: { type: 'string', max_length: 80 },
      },
      visible_fields: [...columns],
      proposal: {
        action: name,
        allowed_fields: [...columns],
        patch: {
          late_fee_cents: { from_arg: 'late_fee_cents' },
          waiver_reason: { from_arg: 'waiver_reason' },
        },
        numeric_bounds: { late_fee_cents: FEES },
        conflict_guard: { column: 'version' },
      },
    });
  });
  return { ...testContract(), metadata: { name: 'chaos', version: '1.0.0' }, capabilities };
}
