import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { CompiledPolicy } from './compiled-policy.ts';
import { combined, type Judgement, judge } from './judge.ts';
import { type Counted, counterKey, counterKeysOf, dayOf } from './limits.ts';
import { approving, asking, compiled, documentOf, factsOf, NOON } from './policy-samples.ts';

const nothing: Counted = () => undefined;
const refusing = (when: string, name = 'refusing') => compiled(documentOf({ when, name }));
const asker = (when: string, requires: object, name = 'asking') => compiled(asking({ when, requires, name }));
const approver = (changes: Readonly<Record<string, unknown>> = {}) =>
  compiled(approving({ name: 'approving', ...changes }));

/** For policies whose condition fails on what is missing: their tests must not. */
const fails = 'before.note == "x"';
const failingTests = [
  { name: 'yes', given: { before: { note: 'x' }, patch: { fee: 1 } }, expect: 'approve' },
  { name: 'no', given: {}, expect: 'no_match' },
];

describe('what policies say', () => {
  test('nothing matches: people decide', () => {
    const policies = [refusing('after.fee > 100'), asker('after.fee > 100', { approvals: 2 })];
    expect(judge(policies, factsOf(), nothing)).toEqual({ kind: 'default', because: [] });
    expect(judge([], factsOf(), nothing).kind).toBe('default');
  });

  test('a refusal wins, with its own words', () => {
    const policies = [approver(), asker('true', { approvals: 2 }), refusing('after.fee > 9')];
    expect(judge(policies, factsOf(), nothing)).toEqual({
      kind: 'refuse',
      policy: 'refusing',
      message: 'something else would pass',
      because: [{ policy: 'refusing', code: 'matched', why: 'its condition holds' }],
    });
  });

  test('a refusal that cannot be evaluated refuses, but one that holds speaks first', () => {
    const doubtful = judge([refusing(fails)], factsOf(), nothing);
    expect(doubtful).toMatchObject({ kind: 'refuse', because: [{ code: 'not_evaluated' }] });
    expect(doubtful.kind === 'refuse' && doubtful.message).toContain('something else would pass (the policy');
    const both = judge([refusing(fails, 'doubtful'), refusing('true', 'sure')], factsOf(), nothing);
    expect(both).toMatchObject({ kind: 'refuse', policy: 'sure' });
    expect(both.because.map(({ policy, code }) => [policy, code])).toEqual([
      ['doubtful', 'not_evaluated'],
      ['sure', 'matched'],
    ]);
  });

  test('all that ask are combined, before anything approves', () => {
    const policies = [
      approver(),
      asker('true', { approvals: 2 }, 'two'),
      asker('after.fee > 9', { role: 'finance', approvals: 1 }, 'finance'),
      asker(fails, { role: 'finance', approvals: 3 }, 'doubtful'),
      asker('after.fee > 100', { role: 'legal', approvals: 1 }, 'legal'),
    ];
    expect(judge(policies, factsOf(), nothing)).toMatchObject({
      kind: 'ask',
      requirements: [
        { role: null, approvals: 2 },
        { role: 'finance', approvals: 3 },
      ],
      because: [
        { policy: 'two', code: 'matched' },
        { policy: 'finance', code: 'matched' },
        { policy: 'doubtful', code: 'not_evaluated' },
      ],
    });
  });

  test('an approval names its counters', () => {
    const limits = [
      { count: 5, per: 'policy', period: 'day' },
      { count: 3, per: 'policy', period: 'day' },
      { total: 100, of: 'fee', per: 'agent', period: 'day' },
    ];
    expect(judge([approver({ limits })], factsOf(), nothing)).toEqual({
      kind: 'approve',
      policy: 'approving',
      counts: [
        { key: counterKey('2026-11-21', 'approving', 'policy', ''), count: 1, total: 0 },
        { key: counterKey('2026-11-21', 'approving', 'agent', 'crd_agent', 'fee'), count: 1, total: 40 },
      ],
      because: [{ policy: 'approving', code: 'matched', why: 'its condition holds' }],
    });
  });

  test('one that cannot be evaluated approves nothing', () => {
    const judged = judge([approver({ when: fails, tests: failingTests })], factsOf(), nothing);
    expect(judged).toMatchObject({ kind: 'default', because: [{ code: 'not_evaluated' }] });
  });

  test('where the limits of one are reached, the next may approve', () => {
    const policies = [
      approver({ name: 'first', limits: [{ count: 1, per: 'agent', period: 'day' }] }),
      approver(),
    ];
    const full = counterKey('2026-11-21', 'first', 'agent', 'crd_agent');
    const counted: Counted = (key) => (key === full ? { count: 1, total: 0 } : undefined);
    const judged = judge(policies, factsOf(), counted);
    expect(judged).toMatchObject({ kind: 'approve', policy: 'approving' });
    expect(judged.because.map(({ code }) => code)).toEqual(['limit_reached', 'matched']);
  });

  test('a policy about another capability has no part', () => {
    expect(judge([refusing('true')], factsOf({ capability: 'other' }), nothing).kind).toBe('default');
  });
});

describe('limits', () => {
  const total = (most: number) =>
    approver({
      limits: [{ total: most, of: 'fee', per: 'policy', period: 'day' }],
      when: 'after.id == "inv_1"',
      tests: [
        { name: 'yes', given: { after: { id: 'inv_1', fee: 0 } }, expect: 'approve' },
        { name: 'no', given: {}, expect: 'no_match' },
      ],
    });
  const at =
    (count: number, sum: number): Counted =>
    () => ({ count, total: sum });

  test.each([
    [4, 'approve'],
    [5, 'default'],
    [6, 'default'],
  ])('of 5 approvals, %i are used: %s', (used, kind) => {
    expect(judge([approver()], factsOf(), at(used, 0)).kind).toBe(kind);
  });

  test.each([
    [60, 40, 'approve'],
    [61, 40, 'default'],
    [100, 0, 'approve'],
    [100, 1, 'default'],
    [0, 101, 'default'],
    [0, -1, 'default'],
    [0, 0.5, 'default'],
    [0, '40', 'default'],
    [0, null, 'default'],
    [0, 2 ** 53, 'default'],
  ])('of 100, %s are used, and this is %s: %s', (used, fee, kind) => {
    expect(judge([total(100)], factsOf({ patch: { fee } }), at(1, used)).kind).toBe(kind);
  });

  test('the comparison does not round where the sum would', () => {
    const most = Number.MAX_SAFE_INTEGER;
    expect(judge([total(most)], factsOf({ patch: { fee: most } }), at(1, 0)).kind).toBe('approve');
    expect(judge([total(most)], factsOf({ patch: { fee: 1 } }), at(1, most)).kind).toBe('default');
    expect(judge([total(most)], factsOf({ patch: { fee: most } }), at(1, 1)).kind).toBe('default');
  });

  test('what is left is said', () => {
    expect(judge([total(100)], factsOf(), at(2, 70)).because).toEqual([
      { policy: 'approving', code: 'limit_reached', why: 'the limit of 100 fee a day leaves 30' },
    ]);
    const each = approver({ limits: [{ count: 5, per: 'object', period: 'day' }] });
    expect(judge([each], factsOf(), at(7, 0)).because).toMatchObject([
      { why: 'the limit of 5 approvals a day for each object leaves 0' },
    ]);
    const uncounted = judge([total(100)], factsOf({ patch: { fee: -1 } }), nothing);
    expect(uncounted.because).toMatchObject([{ why: expect.stringContaining('cannot be counted') }]);
  });

  test.each([
    ['policy', { agent: { id: 'b', name: 'b' }, object_id: 'inv_2' }, true],
    ['agent', { agent: { id: 'b', name: 'b' } }, false],
    ['agent', { object_id: 'inv_2' }, true],
    ['capability', { object_id: 'inv_2' }, true],
    ['object', { object_id: 'inv_2' }, false],
    ['object', { source_id: 'src_2' }, false],
    ['object', { agent: { id: 'b', name: 'b' } }, true],
    ['policy', { now: NOON + 86_400_000 }, false],
    ['policy', { now: Date.parse('2026-11-21T23:59:59.999Z') }, true],
    ['policy', { now: Date.parse('2026-11-22T00:00:00Z') }, false],
  ])('by %s: %j shares the counter: %s', (per, changes, shares) => {
    const policy = approver({ limits: [{ count: 1, per, period: 'day' }] });
    const [mine] = counterKeysOf([policy], factsOf());
    const [other] = counterKeysOf([policy], factsOf(changes));
    expect(mine === other).toBe(shares);
  });

  test('keys are short, whatever they are about, and differ', () => {
    const long = 'x'.repeat(10_000);
    const keys = [
      counterKey('2026-11-21', 'a', 'policy', ''),
      counterKey('2026-11-21', 'b', 'policy', ''),
      counterKey('2026-11-21', 'a', 'agent', ''),
      counterKey('2026-11-21', 'a', 'agent', long),
      counterKey('2026-11-21', 'a', 'agent', `${long}x`),
      counterKey('2026-11-21', 'a', 'agent', long, 'fee'),
      counterKey('2026-11-22', 'a', 'agent', long, 'fee'),
    ];
    expect(new Set(keys).size).toBe(keys.length);
    for (const key of keys) expect(key).toMatch(/^2026-11-2[12]:[0-9a-f]{32}$/);
    expect(dayOf(NOON)).toBe('2026-11-21');
  });

  test('the counters to read beforehand are all that judging asks for', () => {
    const limits = ['policy', 'agent', 'capability', 'object'].flatMap((per) => [
      { count: 9, per, period: 'day' },
      { total: 900, of: 'fee', per, period: 'day' },
    ]);
    const policies = [approver({ limits }), approver({ name: 'other' })];
    const asked = new Set<string>();
    const judged = judge(policies, factsOf(), (key) => {
      asked.add(key);
      return undefined;
    });
    expect(judged.kind === 'approve' && judged.counts).toHaveLength(8);
    expect(counterKeysOf(policies, factsOf())).toHaveLength(9);
    expect(counterKeysOf(policies, factsOf())).toEqual(expect.arrayContaining([...asked]));
    expect(counterKeysOf(policies, factsOf({ capability: 'other' }))).toEqual([]);
  });
});

describe('whatever the policies', () => {
  const conditions = ['true', 'false', 'after.fee > 20', 'after.fee > 60', fails];
  const policies: fc.Arbitrary<CompiledPolicy[]> = fc
    .array(
      fc.record({
        effect: fc.constantFrom('approve', 'ask', 'refuse'),
        when: fc.constantFrom(...conditions),
        approvals: fc.integer({ min: 1, max: 3 }),
        role: fc.constantFrom(undefined, 'finance', 'legal'),
      }),
      { maxLength: 5 },
    )
    .map((chosen) =>
      chosen.map(({ effect, when, approvals, role }, index) => {
        const name = `p${index}`;
        const base =
          effect === 'ask'
            ? asking({ name, when, requires: { approvals, role } })
            : documentOf({ name, when });
        const policy = compiled(base);
        if (effect !== 'approve') return policy;
        return { ...policy, effect: 'approve', limits: [{ count: 2, per: 'policy', period: 'day' }] };
      }),
    );
  const facts = fc.integer({ min: 0, max: 80 }).map((fee) => factsOf({ after: { fee }, patch: { fee } }));
  const strictness: Record<Judgement['kind'], number> = { approve: 0, default: 1, ask: 2, refuse: 3 };

  test('adding one that refuses or asks never makes it looser', () => {
    const stricter = fc.constantFrom(
      ...conditions.map((when) => refusing(when, 'more')),
      asker('true', { approvals: 1 }, 'more'),
    );
    fc.assert(
      fc.property(policies, stricter, fc.nat({ max: 5 }), facts, (some, more, place, given) => {
        const before = judge(some, given, nothing);
        const after = judge(some.toSpliced(place, 0, more), given, nothing);
        expect(strictness[after.kind]).toBeGreaterThanOrEqual(strictness[before.kind]);
      }),
    );
  });

  test('the order matters to nothing but which policy approves', () => {
    fc.assert(
      fc.property(policies, facts, (some, given) => {
        const forth = judge(some, given, nothing);
        const back = judge(some.toReversed(), given, nothing);
        expect(back.kind).toBe(forth.kind);
        if (forth.kind === 'ask' && back.kind === 'ask')
          expect(back.requirements).toEqual(forth.requirements);
      }),
    );
  });

  test('what asks most of each role is asked', () => {
    const requirement = fc.record({
      role: fc.constantFrom(null, 'finance', 'legal'),
      approvals: fc.integer({ min: 1, max: 10 }),
    });
    fc.assert(
      fc.property(fc.array(requirement), (requirements) => {
        const result = combined(requirements);
        expect(new Set(result.map(({ role }) => role)).size).toBe(result.length);
        for (const { role, approvals } of requirements) {
          expect(result.find((one) => one.role === role)?.approvals).toBeGreaterThanOrEqual(approvals);
        }
        for (const one of result) expect(requirements).toContainEqual(one);
      }),
    );
  });

  test('counters are exact: what is approved in a day fills a limit and never passes it', () => {
    const most = 100;
    const limits = [
      { total: most, of: 'fee', per: 'agent', period: 'day' },
      { count: 4, per: 'object', period: 'day' },
    ];
    const policy = approver({ limits });
    const proposal = fc.record({
      fee: fc.integer({ min: 0, max: 60 }),
      agent: fc.constantFrom('a', 'b'),
      object: fc.constantFrom('x', 'y'),
      hour: fc.integer({ min: 0, max: 47 }),
    });
    fc.assert(
      fc.property(fc.array(proposal, { maxLength: 60 }), (proposals) => {
        const counters = new Map<string, { count: number; total: number }>();
        const expected = new Map<string, number>();
        for (const { fee, agent, object, hour } of proposals) {
          const now = Date.parse('2026-11-21T00:00:00Z') + hour * 3_600_000;
          const given = factsOf({
            now,
            object_id: object,
            agent: { id: agent, name: agent },
            patch: { fee },
            after: { fee },
          });
          const day = hour < 24 ? 1 : 2;
          const [byAgent, byObject] = [`${day} ${agent}`, `${day} ${object}`];
          const fits = (expected.get(byAgent) ?? 0) + fee <= most && (expected.get(byObject) ?? 0) < 4;
          const judged = judge([policy], given, (key) => counters.get(key));
          expect(judged.kind).toBe(fits ? 'approve' : 'default');
          if (judged.kind !== 'approve') continue;
          expected.set(byAgent, (expected.get(byAgent) ?? 0) + fee);
          expected.set(byObject, (expected.get(byObject) ?? 0) + 1);
          for (const { key, count, total: sum } of judged.counts) {
            const before = counters.get(key) ?? { count: 0, total: 0 };
            counters.set(key, { count: before.count + count, total: before.total + sum });
          }
        }
      }),
    );
  });
});
