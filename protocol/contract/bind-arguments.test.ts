import { describe, expect, test } from 'vitest';
import { bindArguments } from './bind-arguments.ts';
import type { AgentContract, Capability } from './contract-document.ts';
import { billingContract, billingWithStatesContract, principalScopedContract } from './sample-contracts.ts';

const args = { invoice_id: 'INV-1', late_fee_cents: 0, waiver_reason: 'first offence' };

function bind(sent: unknown, contract: AgentContract = billingContract(), changes: Partial<Capability> = {}) {
  const [context] = contract.contexts;
  const capability = contract.capabilities.at(-1);
  if (context === undefined || capability === undefined) throw new Error('the sample has both');
  const subject = { tenant_key: 'org_id', principal_scope_key: 'assigned_to' };
  return bindArguments(context, { ...capability, ...changes }, sent, subject);
}

function refusalOf(sent: unknown, contract?: AgentContract, changes?: Partial<Capability>) {
  const bound = bind(sent, contract, changes);
  if (bound.ok) throw new Error('was accepted');
  return bound.refusal;
}

test('what the capability takes is bound', () => {
  expect(bind(args)).toEqual({ ok: true, values: args });
});

test.each([
  ['', 0],
  ['x'.repeat(500), 10_000],
])('what is just within its limits is bound', (waiver_reason, late_fee_cents) => {
  expect(bind({ ...args, waiver_reason, late_fee_cents }).ok).toBe(true);
});

test('an optional argument may be left away', () => {
  const note = { type: 'string', required: false } as const;
  const withNote = { ...billingContract().capabilities[0]?.args, note };
  expect(bind(args, undefined, { args: withNote })).toEqual({ ok: true, values: args });
  expect(bind({ ...args, note: 'n' }, undefined, { args: withNote })).toMatchObject({
    values: { note: 'n' },
  });
  expect(refusalOf({ ...args, note: null }, undefined, { args: withNote }).code).toBe('argument_invalid');
});

describe('what only trust may supply', () => {
  test.each([
    ['tenant_id', 'tenant_id'],
    ['tenantId', 'tenant_id'],
    ['TENANT_ID', 'tenant_id'],
    ['principal', 'principal'],
    ['principalId', 'principal_id'],
    ['expected_version', 'expected_version'],
    ['schema', 'schema'],
    ['org_id', 'org_id'],
    ['assigned_to', 'assigned_to'],
  ])('%s is refused, and named without its value', (name, hidden) => {
    const bound = bind({ ...args, [name]: 'a-secret-value' });
    expect(bound).toMatchObject({ ok: false, refusal: { code: 'hidden_binding' }, hidden: [hidden] });
    expect(JSON.stringify(bound)).not.toContain('a-secret-value');
  });

  test('a binding of the context by its own name', () => {
    const contract = principalScopedContract();
    contract.contexts[0]?.bindings.push({ name: 'desk_no', source: 'environment', key: 'DESK' });
    expect(bind({ ...args, desk_no: 1 }, contract)).toMatchObject({ hidden: ['desk_no'] });
    expect(bind({ ...args, desk_no: 1 })).not.toHaveProperty('hidden');
  });

  test('is told before anything else that is wrong', () => {
    expect(bind({ tenant_id: 'x', principal: 'y', other: 1 })).toMatchObject({
      refusal: {
        code: 'hidden_binding',
        message: 'tenant_id, principal come from the credential or the contract, never from arguments',
      },
      hidden: ['tenant_id', 'principal'],
    });
  });

  test('is told also where its value could not be stored', () => {
    expect(bind({ ...args, tenant_id: 'a\u0000' })).toMatchObject({ hidden: ['tenant_id'] });
  });

  test('is named once, however often it is spelled', () => {
    expect(bind({ tenant_id: 'x', tenantId: 'x', Tenant_Id: 'x' })).toMatchObject({ hidden: ['tenant_id'] });
  });
});

describe('what an argument may not be', () => {
  test.each([
    ['a text for a number', { late_fee_cents: '0' }, 'argument_invalid', '$.args.late_fee_cents'],
    ['null for a number', { late_fee_cents: null }, 'argument_invalid', '$.args.late_fee_cents'],
    ['beyond 2^53', { late_fee_cents: 2 ** 53 }, 'argument_invalid', '$.args.late_fee_cents'],
    ['not a number', { late_fee_cents: Number.NaN }, 'argument_invalid', '$.args.late_fee_cents'],
    ['below the minimum', { late_fee_cents: -1 }, 'bound_exceeded', '$.args.late_fee_cents'],
    ['above the maximum', { late_fee_cents: 10_001 }, 'bound_exceeded', '$.args.late_fee_cents'],
    ['too long', { waiver_reason: 'x'.repeat(501) }, 'argument_invalid', '$.args.waiver_reason'],
    ['an object', { waiver_reason: {} }, 'argument_invalid', '$.args.waiver_reason'],
    ['no name of a row', { invoice_id: '' }, 'argument_invalid', '$.args.invoice_id'],
    ['unknown', { amount: 1 }, 'argument_invalid', '$.args.amount'],
    ['unknown, though every object has it', { toString: 1 }, 'argument_invalid', '$.args.toString'],
  ])('%s', (_, changes, code, path) => {
    const refusal = refusalOf({ ...args, ...changes });
    expect(refusal).toMatchObject({ code, errors: [{ path, code }] });
    expect(refusal.next).toBeTruthy();
  });

  test('text that cannot be stored, as a value or as a name', () => {
    expect(refusalOf({ ...args, waiver_reason: 'a\u0000' }).code).toBe('unstorable_text');
    expect(refusalOf({ ...args, 'a\ud800': 1 }).code).toBe('unstorable_text');
    expect(refusalOf(JSON.parse('{"__proto__": {"x": 1}}')).code).toBe('unstorable_text');
  });

  test('none of the values that it takes', () => {
    const sent = { invoice_id: 'INV-1', new_status: 'open' };
    expect(refusalOf(sent, billingWithStatesContract())).toMatchObject({
      code: 'argument_invalid',
      next: 'new_status: one of ["paid","void"]',
    });
    expect(bind({ ...sent, new_status: 'void' }, billingWithStatesContract()).ok).toBe(true);
  });

  test('a list of items', () => {
    const lines = { type: 'object_array', max_items: 2, fields: { a: { type: 'string' } } } as const;
    expect(refusalOf({ lines: [{ a: 'x' }] }, undefined, { args: { lines } }).code).toBe('argument_invalid');
  });

  test.each([[null], [[]], ['x'], [undefined]])('args that are no object: %j', (sent) => {
    expect(refusalOf(sent).code).toBe('argument_invalid');
  });
});

test('all that is wrong is told, and what would pass', () => {
  const refusal = refusalOf({ late_fee_cents: 20_000, waiver_reason: 5 });
  expect(refusal.code).toBe('argument_invalid');
  expect(refusal.errors?.map(({ path, code }) => [path, code])).toEqual([
    ['$.args.invoice_id', 'argument_invalid'],
    ['$.args.late_fee_cents', 'bound_exceeded'],
    ['$.args.waiver_reason', 'argument_invalid'],
  ]);
  expect(refusal.next).toContain('late_fee_cents: a number at least 0 and at most 10000');
});

test('a long unknown name is cut, never within a character', () => {
  const [issue] = refusalOf({ [`${'x'.repeat(63)}😀`]: 1 }).errors ?? [];
  expect(issue?.path).toBe(`$.args.${'x'.repeat(63)}\ufffd`);
});

test('an unknown argument is answered with the known ones', () => {
  expect(refusalOf({ ...args, amount: 1 }).next).toContain('takes invoice_id, late_fee_cents, waiver_reason');
});

test('a negative zero is a zero', () => {
  const bound = bind({ ...args, late_fee_cents: -0 });
  expect(bound.ok && Object.is(bound.values.late_fee_cents, 0)).toBe(true);
});

test.each([[''], ['a\nb'], ['\u0001'], ['a\u2028b']])(
  'the key of a row is one line of text, not %j',
  (key) => {
    const refusal = refusalOf({ ...args, invoice_id: key });
    expect(refusal).toMatchObject({ code: 'argument_invalid', message: 'invoice_id cannot name a row' });
  },
);
