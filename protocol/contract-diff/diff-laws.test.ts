import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { digest } from '../canonical-json.ts';
import type { AgentContract } from '../contract/contract-document.ts';
import { type ChangeName, changeKinds } from './change-kinds.ts';
import { diffContracts } from './diff-contracts.ts';
import { fullContract } from './sample-versions.ts';

/** What a change is called when it is read from the later version to the earlier one. */
const opposites: Record<ChangeName, ChangeName> = (() => {
  const itself = Object.keys(changeKinds).map((name) => [name, name]);
  const pairs: [ChangeName, ChangeName][] = [
    ['resource_added', 'resource_removed'],
    ['single_tenant_declared', 'single_tenant_withdrawn'],
    ['context_added', 'context_removed'],
    ['binding_added', 'binding_removed'],
    ['capability_added', 'capability_removed'],
    ['principal_scope_added', 'principal_scope_removed'],
    ['visible_fields_widened', 'visible_fields_narrowed'],
    ['kept_out_fields_extended', 'kept_out_fields_reduced'],
    ['withheld_fields_extended', 'withheld_fields_reduced'],
    ['max_rows_raised', 'max_rows_lowered'],
    ['evidence_weakened', 'evidence_strengthened'],
    ['group_size_lowered', 'group_size_raised'],
    ['argument_added', 'argument_removed'],
    ['argument_loosened', 'argument_tightened'],
    ['allowed_fields_widened', 'allowed_fields_narrowed'],
    ['patch_column_added', 'patch_column_removed'],
    ['bounds_widened', 'bounds_narrowed'],
    ['transition_added', 'transition_removed'],
    ['transition_guard_added', 'transition_guard_removed'],
    ['aggregate_bound_added', 'aggregate_bound_removed'],
    ['aggregate_bound_raised', 'aggregate_bound_lowered'],
    ['approval_weakened', 'approval_strengthened'],
    ['reversibility_added', 'reversibility_removed'],
    ['unattended_allowed', 'unattended_withdrawn'],
    ['policy_added', 'policy_removed'],
    ['policy_rule_added', 'policy_rule_removed'],
    ['policy_rule_raised', 'policy_rule_lowered'],
    ['policy_limit_added', 'policy_limit_removed'],
    ['policy_limit_raised', 'policy_limit_lowered'],
    ['workflow_added', 'workflow_removed'],
    ['external_action_added', 'external_action_removed'],
    ['outbound_action_added', 'outbound_action_removed'],
  ];
  const both = pairs.flatMap(([a, b]) => [
    [a, b],
    [b, a],
  ]);
  return Object.fromEntries([...itself, ...both]);
})();

/** Half of the contracts that come of this are no valid ones: no difference may hide behind that. */
type Mutation = (target: Record<string, unknown> | unknown[], key: string | number) => void;

const strange = fc.oneof(
  fc.constantFrom<unknown>(
    null,
    true,
    false,
    0,
    1,
    99_999,
    -5,
    'human',
    'policy',
    'none',
    'fee_cents',
    {},
    [],
  ),
  fc.jsonValue({ noUnicodeString: false }),
);

const mutations: fc.Arbitrary<Mutation> = fc.oneof(
  strange.map(
    (value): Mutation =>
      (target, key) =>
        set(target, key, value),
  ),
  fc.constant<Mutation>((target, key) => {
    if (Array.isArray(target)) target.splice(Number(key), 1);
    else Reflect.deleteProperty(target, key);
  }),
  fc.tuple(fc.constantFrom('x-runner-a', 'constructor', '__proto__', 'policy', 'fixed', 'more'), strange).map(
    ([name, value]): Mutation =>
      (target) =>
        Array.isArray(target) ? target.push(value) : set(target, name, value),
  ),
  fc.constant<Mutation>((target, key) => {
    if (Array.isArray(target)) target.reverse();
    else set(target, key, at(target, key));
  }),
  fc.constant<Mutation>((target, key) => {
    if (Array.isArray(target)) target.push(structuredClone(target[Number(key)]));
  }),
  fc.integer({ min: -3, max: 3 }).map(
    (step): Mutation =>
      (target, key) => {
        const value = at(target, key);
        if (typeof value === 'number') set(target, key, value + step);
        if (typeof value === 'string') set(target, key, `${value}_${step}`);
      },
  ),
);

const versions = fc
  .array(fc.tuple(fc.nat({ max: 5_000 }), mutations), { maxLength: 4 })
  .map((steps): AgentContract => {
    const contract: AgentContract = JSON.parse(JSON.stringify(fullContract()));
    for (const [index, mutate] of steps) {
      const places = placesOf(contract);
      const place = places[index % places.length];
      if (place) mutate(place.target, place.key);
    }
    return JSON.parse(JSON.stringify(contract));
  });

function set(target: Record<string, unknown> | unknown[], key: string | number, value: unknown): void {
  Object.defineProperty(target, key, { value, configurable: true, enumerable: true, writable: true });
}

function at(target: object, key: string | number): unknown {
  return Object.getOwnPropertyDescriptor(target, key)?.value;
}

function placesOf(value: unknown): { target: Record<string, unknown> | unknown[]; key: string | number }[] {
  if (typeof value !== 'object' || value === null) return [];
  const target = value as Record<string, unknown> | unknown[];
  return Object.keys(target).flatMap((key) => [{ target, key }, ...placesOf(at(target, key))]);
}

function names(before: AgentContract | undefined, after: AgentContract): ChangeName[] {
  return diffContracts(before, after)
    .changes.map((found) => found.change)
    .sort();
}

/** Thousands of contracts, on a machine that may have other work. */
const slow = { timeout: 60_000 };

describe('the semantic diff', () => {
  test('is empty exactly where the digests are equal', slow, () => {
    fc.assert(
      fc.property(versions, versions, (before, after) => {
        expect(names(before, after).length === 0).toBe(digest(before) === digest(after));
        expect(names(after, structuredClone(after))).toEqual([]);
      }),
      { numRuns: 300 },
    );
  });

  test('read backwards says the opposite', slow, () => {
    fc.assert(
      fc.property(versions, versions, (before, after) => {
        expect(names(after, before)).toEqual(
          names(before, after)
            .map((name) => opposites[name])
            .sort(),
        );
      }),
      { numRuns: 300 },
    );
  });

  test('is risky as a whole exactly where one of its changes is', () => {
    fc.assert(
      fc.property(versions, versions, (before, after) => {
        const { changes, risk_increasing } = diffContracts(before, after);
        expect(risk_increasing).toBe(changes.some((found) => found.risk_increasing));
      }),
    );
  });

  test('holds small values only', () => {
    fc.assert(
      fc.property(versions, versions, (before, after) => {
        for (const found of diffContracts(before, after).changes) {
          expect(JSON.stringify([found.before, found.after]).length).toBeLessThan(20_000);
        }
      }),
    );
  });

  test('the order of keys is no difference, that of a list no more than order_changed', () => {
    const contract = fullContract();
    expect(
      names(
        contract,
        backwards(contract, (list) => list),
      ),
    ).toEqual([]);
    const turned = names(
      contract,
      backwards(contract, (list) => list.toReversed()),
    );
    expect(new Set(turned)).toEqual(new Set(['order_changed']));
    expect(turned.length).toBeGreaterThan(10);
    expect(
      diffContracts(
        contract,
        backwards(contract, (list) => list.toReversed()),
      ).risk_increasing,
    ).toBe(false);
  });
});

/** Every place of the contract, with every one of these values in it, and with nothing in it. */
test('a difference in one place means the same as before in these places only', slow, () => {
  const values = [undefined, null, false, 1, 'policy', 'operator', 'none', [], {}];
  const restated = new Set<string>();
  for (const [index] of placesOf(fullContract()).entries()) {
    for (const value of values) {
      const after = fullContract();
      const place = placesOf(after)[index];
      if (place) set(place.target, place.key, value);
      const found = names(fullContract(), JSON.parse(JSON.stringify(after)));
      if (found.length > 0 && found.every((name) => name === 'restated'))
        restated.add(`${pathOf(index)} ${JSON.stringify(value)}`);
    }
  }
  expect([...restated].sort()).toEqual([
    '.capabilities.0.proposal.approval.mode "operator"',
    '.capabilities.0.proposal.approval.mode undefined',
    '.capabilities.0.proposal.writeback undefined',
    '.capabilities.0.proposal.writeback {}',
    '.capabilities.0.proposal.writeback.mode undefined',
    '.capabilities.2.args undefined',
    '.capabilities.2.visible_fields undefined',
  ]);
});

function pathOf(index: number): string {
  const marked = fullContract();
  const place = placesOf(marked)[index];
  if (place) set(place.target, place.key, '\u0000');
  return pathTo(marked) ?? '';
}

function pathTo(value: unknown): string | undefined {
  if (value === '\u0000') return '';
  if (typeof value !== 'object' || value === null) return undefined;
  for (const key of Object.keys(value)) {
    const rest = pathTo(at(value, key));
    if (rest !== undefined) return `.${key}${rest}`;
  }
  return undefined;
}

function backwards(value: AgentContract, list: (members: unknown[]) => unknown[]): AgentContract {
  const turn = (part: unknown): unknown => {
    if (Array.isArray(part)) return list(part.map(turn));
    if (typeof part !== 'object' || part === null) return part;
    return Object.fromEntries(
      Object.entries(part)
        .reverse()
        .map(([key, member]) => [key, turn(member)]),
    );
  };
  return turn(value) as AgentContract;
}
