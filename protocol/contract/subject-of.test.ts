import { describe, expect, test } from 'vitest';
import type { Capability } from './contract-document.ts';
import { whyNotProposable } from './proposable.ts';
import { billingContract, billingWithStatesContract, principalScopedContract } from './sample-contracts.ts';
import { otherKindsContract } from './sample-other-kinds.ts';
import { subjectOf } from './subject-of.ts';

function first({ capabilities }: { capabilities: Capability[] }): Capability {
  const [capability] = capabilities;
  if (capability === undefined) throw new Error('the sample has one');
  return capability;
}

const rows = { schema: 'public', table: 'invoices', primary_key: 'invoice_id', tenant_key: 'tenant_id' };

describe('the rows that a capability is about', () => {
  test('are those of its resource', () => {
    const contract = billingContract();
    expect(subjectOf(contract, first(contract))).toEqual({ ...rows, engine: 'postgres' });
  });

  test('are its own where it names no resource, whose engine is unknown', () => {
    const contract = otherKindsContract();
    expect(subjectOf(contract, first(contract))).toEqual(rows);
  });

  test('may be fewer: those of one principal', () => {
    const contract = principalScopedContract();
    expect(subjectOf(contract, first(contract))).toMatchObject({ principal_scope_key: 'assigned_to' });
  });

  test('are none where a name resolves to nothing, or no tenant fences them off', () => {
    const contract = billingContract();
    expect(subjectOf({ resources: [] }, first(contract))).toBeUndefined();
    const { tenant_key: _, ...open } = rows;
    expect(subjectOf(contract, { subject: open })).toBeUndefined();
    const { table: __, ...vague } = rows;
    expect(subjectOf(contract, { subject: vague })).toBeUndefined();
  });
});

describe('what can be proposed', () => {
  test('an update of one row by SQL', () => {
    for (const capability of billingWithStatesContract().capabilities) {
      expect(whyNotProposable(capability)).toBeUndefined();
    }
  });

  test.each(otherKindsContract().capabilities.map((capability) => [capability.name, capability] as const))(
    '%s cannot',
    (name, capability) => {
      expect(whyNotProposable(capability)).toMatchObject({ code: 'change_set_unsupported' });
      expect(whyNotProposable(capability)?.message).toContain(name);
    },
  );
});
