import { describe, expect, test } from 'vitest';
import { type ContractPolicy, contractPolicy } from './contract-policy.ts';
import { judge } from './judge.ts';
import { compiled, documentOf, factsOf, waiveFee } from './policy-samples.ts';

function policyOf(changes: Partial<ContractPolicy> = {}) {
  return contractPolicy({
    contract: 'billing',
    name: 'small_waivers',
    rules: [{ field: 'fee', max: 50 }],
    limits: [],
    capability: waiveFee,
    minimums: {},
    requiredApprovals: 1,
    ...changes,
  });
}

function kind(
  patch: Readonly<Record<string, string | number | boolean | null>>,
  changes: Partial<ContractPolicy> = {},
): string {
  return judge([policyOf(changes)], factsOf({ patch }), () => undefined).kind;
}

describe("a contract's approval policy", () => {
  test.each([
    ['at its maximum', { fee: 50 }, {}, 'approve'],
    ['above it', { fee: 51 }, {}, 'default'],
    ['at zero', { fee: 0 }, {}, 'approve'],
    ['below zero', { fee: -1 }, {}, 'default'],
    ['below zero, where the minimum is lower', { fee: -5 }, { minimums: { fee: -5 } }, 'approve'],
    ['below that minimum', { fee: -6 }, { minimums: { fee: -5 } }, 'default'],
    ['below a minimum above zero', { fee: 9 }, { minimums: { fee: 10 } }, 'default'],
    ['a fraction', { fee: 1.5 }, {}, 'default'],
    ['a number as text', { fee: '5' }, {}, 'default'],
    ['null', { fee: null }, {}, 'default'],
    ['a number that is not there', { note: 'x' }, {}, 'default'],
    ['beyond 2^53', { fee: 2 ** 53 }, { rules: [{ field: 'fee', max: 2 ** 60 }] }, 'default'],
    ['text is not looked at', { fee: 5, note: 'x', closed: true }, {}, 'approve'],
    ['a number that nobody declared', { fee: 5, closed: 7 }, {}, 'default'],
    ['no rules', { fee: 5 }, { rules: [] }, 'default'],
    ['a rule about something else', { fee: 5 }, { rules: [{ field: 'note', max: 9 }] }, 'default'],
    [
      'two rules, both kept',
      { fee: 5 },
      {
        rules: [
          { field: 'fee', max: 9 },
          { field: 'fee', max: 5 },
        ],
      },
      'approve',
    ],
    [
      'two rules, one broken',
      { fee: 6 },
      {
        rules: [
          { field: 'fee', max: 9 },
          { field: 'fee', max: 5 },
        ],
      },
      'default',
    ],
    [
      'no numeric column',
      { note: 'x' },
      { capability: { ...waiveFee, patched: { note: 'text' } } },
      'default',
    ],
    ['two approvals required', { fee: 5 }, { requiredApprovals: 2 }, 'default'],
    ['nothing changed', {}, {}, 'default'],
  ] as const)('%s', (_name, patch, changes, expected) => {
    expect(kind(patch, changes)).toBe(expected);
  });

  test('is about its own capability', () => {
    const judged = judge([policyOf()], factsOf({ capability: 'other', patch: { fee: 5 } }), () => undefined);
    expect(judged.kind).toBe('default');
  });

  test.each([
    [{ kind: 'count', max: 3 }, 2, 0, 'approve'],
    [{ kind: 'count', max: 3 }, 3, 0, 'default'],
    [{ kind: 'count', max: 0 }, 0, 0, 'default'],
    [{ kind: 'total', max: 100, field: 'fee' }, 9, 95, 'approve'],
    [{ kind: 'total', max: 100, field: 'fee' }, 0, 96, 'default'],
    [{ kind: 'total', max: 100 }, 0, 0, 'default'],
    [{ kind: 'total', max: 100, field: 'note' }, 0, 0, 'default'],
  ] as const)('%j with %i approved and %i summed: %s', (limit, count, total, expected) => {
    const judged = judge([policyOf({ limits: [limit] })], factsOf({ patch: { fee: 5 } }), () => ({
      count,
      total,
    }));
    expect(judged.kind).toBe(expected);
  });

  test.each([
    ['tenant_policy', true],
    ['tenant_policy_object', false],
  ] as const)('by %s, another object shares the counter: %s', (scope, shares) => {
    const policy = policyOf({ limits: [{ kind: 'count', max: 1, scope }] });
    const keyOf = (object_id: string) => {
      const judged = judge([policy], factsOf({ patch: { fee: 5 }, object_id }), () => undefined);
      return judged.kind === 'approve' ? judged.counts[0]?.key : undefined;
    };
    expect(keyOf('inv_1')).toBeDefined();
    expect(keyOf('inv_1') === keyOf('inv_2')).toBe(shares);
  });

  test("bows to the project's own policies", () => {
    const refusing = compiled(documentOf({ when: 'patch.fee > 4' }));
    const judged = judge([policyOf(), refusing], factsOf({ patch: { fee: 5 } }), () => undefined);
    expect(judged).toMatchObject({ kind: 'refuse', policy: 'sample' });
  });
});
