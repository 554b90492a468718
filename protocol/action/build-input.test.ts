import { describe, expect, test } from 'vitest';
import { buildInput } from './build-input.ts';
import { noticeAction, refundAction } from './sample-actions.ts';

describe('what an executor is given', () => {
  test('comes from arguments and from the contract', () => {
    expect(buildInput(refundAction(), { payment: 'pi_1', cents: 500 }, {})).toEqual({
      ok: true,
      input: { payment_intent: 'pi_1', amount: 500, reason: 'requested_by_customer' },
    });
  });

  test('holds what only the credential says, and nothing for an argument that was left away', () => {
    expect(
      buildInput(noticeAction(), { parcel: 'P-1', event: 'held' }, { principal: 'ada', other: 'x' }),
    ).toEqual({ ok: true, input: { parcel: 'P-1', event: 'held', on_behalf_of: 'ada' } });
  });

  test('is not made where the credential lacks the binding', () => {
    expect(buildInput(noticeAction(), { parcel: 'P-1', event: 'held' }, {})).toMatchObject({
      ok: false,
      refusal: { code: 'hidden_binding' },
    });
  });

  test('takes nothing from names that every object has', () => {
    const action = noticeAction({ input: { a: { from_arg: 'constructor' }, b: { fixed: 1 } } });
    expect(buildInput(action, {}, {})).toEqual({ ok: true, input: { b: 1 } });
    const bound = noticeAction({ input: { a: { from_binding: 'toString' } } });
    expect(buildInput(bound, {}, {})).toMatchObject({ ok: false });
  });
});
