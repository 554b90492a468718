import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { digest } from '../canonical-json.ts';
import { changeSetSchema } from '../change-set.ts';
import type { Scalar } from '../values.ts';
import { bindArguments } from './bind-arguments.ts';
import { buildChangeSet, missingFields } from './build-change-set.ts';
import { buildPatch, type Row } from './build-patch.ts';
import { checkFit } from './check-fit.ts';
import { checkTransitions } from './check-transitions.ts';
import { contractDigest } from './contract-digest.ts';
import type { AgentContract, Capability } from './contract-document.ts';
import { parseContract } from './parse-contract.ts';
import {
  billingContract,
  billingWithPolicyContract,
  billingWithStatesContract,
  principalScopedContract,
} from './sample-contracts.ts';
import { subjectOf } from './subject-of.ts';

const row: Row = {
  invoice_id: 'INV-1',
  late_fee_cents: 5_500,
  waiver_reason: null,
  status: 'open',
  version: '7',
  closed_by: null,
  card_number: '4111',
};

function partsOf(contract: AgentContract, capability: Capability, patch: Row, before: Row, objectId: Scalar) {
  const subject = subjectOf(contract, capability);
  if (subject === undefined) throw new Error('the sample has one');
  return {
    contract,
    reference: { contract_id: 'billing', contract_version_id: 'v1', digest: contractDigest(contract) },
    capability,
    subject,
    sourceId: 'main',
    engine: 'postgres' as const,
    objectId,
    tenantId: 'acme',
    principal: { id: 'agent-7', source: 'cloud_session' as const },
    before,
    version: '7',
    patch,
    proposalId: 'wrp_1',
    proposalVersion: 2,
    createdAt: '2026-01-01T00:00:00Z',
    requirement: { role: 'billing_lead', approvals: 2 },
  };
}

function sample(contract = billingContract()) {
  const [capability] = contract.capabilities;
  if (capability === undefined) throw new Error('the sample has one');
  return partsOf(contract, capability, { late_fee_cents: 0, waiver_reason: 'x' }, row, 'INV-1');
}

describe('the change set of a proposal', () => {
  test('shows the visible fields before and after, and nothing that is kept out', () => {
    const { before, after, patch } = buildChangeSet(sample());
    const { card_number: _, closed_by: __, ...visible } = row;
    expect(before).toEqual(visible);
    expect(after).toEqual({ ...visible, ...patch });
  });

  test('guards the tenant and the version, and lets no other column be written', () => {
    expect(buildChangeSet(sample()).guards).toEqual({
      tenant: { column: 'tenant_id', value: 'acme' },
      allowed_columns: ['late_fee_cents', 'waiver_reason'],
      expected_version: { column: 'version', value: '7' },
    });
  });

  test('is sealed by the digest of the rest', () => {
    const { integrity, ...rest } = buildChangeSet(sample());
    expect(integrity.proposal_hash).toBe(digest(rest));
  });

  test('says what must be decided, and by whom', () => {
    const parts = sample();
    const approvalOf = (role: string | null, approvals: number) =>
      buildChangeSet({ ...parts, requirement: { role, approvals } }).approval;
    expect(approvalOf('lead', 2)).toEqual({
      status: 'pending',
      mode: 'human',
      required_role: 'lead',
      required_approvals: 2,
    });
    expect(approvalOf(null, 0)).toEqual({ status: 'pending', mode: 'human' });
  });

  test('is within the principal where the capability is', () => {
    const contract = principalScopedContract();
    const hall = { ...contract.contexts[0], name: 'hall', principal_binding: 'tenant_id' };
    const parsed = parseContract({ ...contract, contexts: [hall, ...contract.contexts] });
    if (!parsed.ok) throw new Error(JSON.stringify(parsed.issues));
    const changeSet = buildChangeSet(sample(parsed.contract));
    const scope = { column: 'assigned_to', binding: 'principal', value: 'agent-7' };
    expect(changeSet.guards.principal_scope).toMatchObject(scope);
    expect(changeSetSchema.safeParse(changeSet).success).toBe(true);
  });

  test('takes the source from the contract, and from the caller where that names none', () => {
    const parts = sample();
    const { source: _, ...capability } = parts.capability;
    expect(buildChangeSet(parts).source.source_id).toBe('billing');
    expect(buildChangeSet({ ...parts, capability, engine: 'mysql' }).source).toMatchObject({
      source_id: 'main',
      kind: 'external_mysql',
    });
  });

  test('needs every visible field of the row', () => {
    const { capability } = sample();
    expect(missingFields(capability, row)).toEqual([]);
    const { status: _, ...less } = row;
    expect(missingFields(capability, less)).toEqual(['status']);
  });
});

const contracts = [
  billingContract(),
  billingWithPolicyContract(),
  billingWithStatesContract(),
  principalScopedContract(),
];
const capabilities = contracts.flatMap((contract) =>
  contract.capabilities.map((capability) => ({ contract, capability })),
);
const textArbitrary = fc.oneof(
  fc.constantFrom('paid', 'void', 'INV-1', '', 'x'.repeat(65), 'x'.repeat(501)),
  fc.string({ unit: 'binary', maxLength: 80 }),
);
const scalarArbitrary = fc.oneof(
  textArbitrary,
  fc.integer({ min: -10, max: 10_010 }),
  fc.double({ noNaN: true, noDefaultInfinity: true }),
  fc.constant(null),
  fc.boolean(),
);
const argsArbitrary = fc.record(
  {
    invoice_id: fc.oneof(
      { weight: 5, arbitrary: fc.string({ minLength: 1, maxLength: 64 }) },
      scalarArbitrary,
    ),
    late_fee_cents: fc.oneof({ weight: 5, arbitrary: fc.integer({ min: 0, max: 10_000 }) }, scalarArbitrary),
    waiver_reason: textArbitrary,
    new_status: fc.constantFrom('paid', 'void', 'open'),
  },
  { requiredKeys: ['invoice_id'] },
);

describe('whatever is accepted', () => {
  test('makes a change set that is valid and that fits its contract', () => {
    let accepted = 0;
    fc.assert(
      fc.property(
        fc.constantFrom(...capabilities),
        argsArbitrary,
        fc.constantFrom('open', 'disputed', 'paid'),
        ({ contract, capability }, drawn, status) => {
          const subject = subjectOf(contract, capability);
          const [context] = contract.contexts;
          if (subject === undefined || context === undefined) throw new Error('the samples have both');
          const args = Object.fromEntries(
            Object.entries(drawn).filter(([name]) => Object.hasOwn(capability.args, name)),
          );
          const bound = bindArguments(context, capability, args, subject);
          if (!bound.ok) return;
          const built = buildPatch(capability, bound.values);
          if (!built.ok) return;
          accepted += 1;
          const before = { ...row, status };
          const key = bound.values.invoice_id ?? null;
          const changeSet = buildChangeSet(partsOf(contract, capability, built.patch, before, key));
          expect(changeSetSchema.safeParse(JSON.parse(JSON.stringify(changeSet)))).toEqual({
            success: true,
            data: changeSet,
          });
          const refusal = checkFit(contract, { digest: contractDigest(contract) }, changeSet);
          expect(refusal).toEqual(checkTransitions(capability, before, built.patch));
        },
      ),
      { numRuns: 300 },
    );
    expect(accepted).toBeGreaterThan(30);
  });

  test('is the contract itself, after a trip as JSON', () => {
    for (const contract of contracts) {
      const parsed = parseContract(JSON.parse(JSON.stringify(contract)));
      expect(parsed).toEqual({ ok: true, contract });
    }
  });
});

describe('whatever a capability could not have made', () => {
  test('does not fit, however one scalar of the patch was changed', () => {
    fc.assert(
      fc.property(scalarArbitrary, (late_fee_cents) => {
        const parts = sample();
        const patch: Row = { late_fee_cents, waiver_reason: 'x' };
        const changeSet = buildChangeSet({ ...parts, patch });
        const fits = checkFit(parts.contract, parts.reference, changeSet) === undefined;
        const isAllowed =
          typeof late_fee_cents === 'number' && late_fee_cents >= 0 && late_fee_cents <= 10_000;
        expect(fits).toBe(isAllowed);
      }),
    );
  });
});
