import { describe, expect, test } from 'vitest';
import { buildPatch } from './build-patch.ts';
import { changeAt } from './change-at.ts';
import { checkTransitions } from './check-transitions.ts';
import type { AgentContract } from './contract-document.ts';
import { parseContract } from './parse-contract.ts';
import { billingContract, billingWithStatesContract } from './sample-contracts.ts';

/** The last capability of a valid contract in which one place was changed. */
function capabilityOf(contract: AgentContract, path = 'kind', changed: unknown = 'SynapsorContract') {
  const parsed = parseContract(changeAt(contract, path, changed));
  if (!parsed.ok) throw new Error(JSON.stringify(parsed.issues));
  const capability = parsed.contract.capabilities.at(-1);
  if (capability === undefined) throw new Error('the sample has one');
  return capability;
}

describe('the patch of a capability', () => {
  test('takes columns from arguments and from the contract, and nothing else', () => {
    const values = { invoice_id: 'INV-1', new_status: 'void' };
    const patch = { status: 'void', closed_by: 'desk' };
    expect(buildPatch(capabilityOf(billingWithStatesContract()), values)).toEqual({ ok: true, patch });
  });

  test('may fix a column to null', () => {
    const path = 'capabilities.1.proposal.patch.closed_by';
    const capability = capabilityOf(billingWithStatesContract(), path, { fixed: null });
    expect(buildPatch(capability, { new_status: 'void' })).toMatchObject({ patch: { closed_by: null } });
  });

  test('never writes null for an argument that is not there', () => {
    const built = buildPatch(capabilityOf(billingWithStatesContract()), { invoice_id: 'INV-1' });
    expect(built).toMatchObject({ ok: false, refusal: { code: 'argument_invalid' } });
  });

  test.each([
    [100, 'ok'],
    [200, 'ok'],
    [99, 'bound_exceeded'],
    [201, 'bound_exceeded'],
  ])('with bounds of 100 and 200, %d is %s', (late_fee_cents, outcome) => {
    const path = 'capabilities.0.proposal.numeric_bounds.late_fee_cents';
    const capability = capabilityOf(billingContract(), path, { minimum: 100, maximum: 200 });
    const built = buildPatch(capability, { invoice_id: 'INV-1', late_fee_cents, waiver_reason: 'x' });
    expect(built.ok ? 'ok' : built.refusal.code).toBe(outcome);
    if (built.ok) return;
    expect(built.refusal.next).toBe('late_fee_cents: a number at least 100 and at most 200');
  });
});

describe('the order of states', () => {
  const capability = capabilityOf(billingWithStatesContract());

  test.each([
    ['open', 'paid'],
    ['open', 'void'],
    ['disputed', 'void'],
  ])('%s may become %s', (status, next) => {
    expect(checkTransitions(capability, { status }, { status: next })).toBeUndefined();
  });

  test.each([
    ['disputed', 'paid', 'status: from "disputed" to "void"'],
    ['paid', 'void', 'status: nothing from "paid"; it changes only from "open", "disputed"'],
    ['constructor', 'void', 'status: nothing from "constructor"; it changes only from "open", "disputed"'],
    [null, 'void', 'status: nothing from what the row has now; it changes only from "open", "disputed"'],
    ['open', null, 'status: from "open" to "paid", "void"'],
  ])('%s may not become %s', (status, to, next) => {
    expect(checkTransitions(capability, { status }, { status: to })).toMatchObject({
      code: 'transition_not_allowed',
      next,
    });
  });

  test('a row that does not show its state moves nowhere', () => {
    expect(checkTransitions(capability, { closed_by: 'x' }, { status: 'void' })?.code).toBe(
      'transition_not_allowed',
    );
  });

  test('may hang on another column', () => {
    const path = 'capabilities.1.proposal.transition_guards.status';
    const guard = { from_column: 'closed_by', allowed: { nobody: ['void'] } };
    const other = capabilityOf(billingWithStatesContract(), path, guard);
    const patch = { status: 'void', closed_by: 'desk' };
    expect(checkTransitions(other, { status: 'open', closed_by: 'nobody' }, patch)).toBeUndefined();
    expect(checkTransitions(other, { status: 'nobody', closed_by: 'open' }, patch)?.code).toBe(
      'transition_not_allowed',
    );
  });

  test('binds only what has one', () => {
    expect(checkTransitions(capabilityOf(billingContract()), {}, { late_fee_cents: 1 })).toBeUndefined();
  });
});
