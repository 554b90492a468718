import { describe, expect, test } from 'vitest';
import type { StopFacts, Write } from './facts.ts';
import { judgeStop } from './judge-stop.ts';

/** Both clocks agree, so far as one can tell. */
const STOPPED = 1_000_000;
const LIMIT = STOPPED + 10_000;
const LIFTED = LIMIT + 4_000;

/** Written before the stop, after it, at its limit, and when it was lifted. */
const sound: readonly Write[] = [
  { row: 'a', begunAt: STOPPED - 2_000, committedAt: STOPPED - 500 },
  { row: 'b', begunAt: STOPPED + 500, committedAt: STOPPED + 2_000 },
  { row: 'c', begunAt: LIMIT, committedAt: LIMIT + 1_500 },
  { row: 'd', begunAt: LIFTED + 100, committedAt: LIFTED + 200 },
];

function factsOf(changes: Partial<StopFacts> = {}): StopFacts {
  return {
    jobs: 4,
    leased: 4,
    samples: [{ before: STOPPED - 1, plane: STOPPED, after: STOPPED }],
    pressed: { at: STOPPED, noWriteBeginsAfter: LIMIT },
    liftedAt: LIFTED,
    statementTimeoutMs: 3_000,
    leasedUnderStop: 0,
    renewedUnderStop: 0,
    asked: { given: 0, renewalRefusedWith: 'frozen' },
    writes: sound,
    rows: sound.map(({ row }) => ({ id: row, moved: 1, receipts: 1 })),
    applied: 4,
    ...changes,
  };
}

/** The facts with the last write but one as given. */
function withWrite(write: Partial<Write>): StopFacts {
  return factsOf({ writes: sound.map((each) => (each.row === 'c' ? { ...each, ...write } : each)) });
}

function checksOf(facts: StopFacts): readonly string[] {
  return judgeStop(facts).violations.map(({ check }) => check);
}

describe('a stop', () => {
  test('holds when the last write begins at the limit, and commits when its statement ends', () => {
    expect(judgeStop(factsOf())).toMatchObject({
      holds: true,
      figures: {
        committed_before_stop: 1,
        committed_after_stop: 2,
        begun_after_limit: 0,
        committed_after_limit: 1,
        unwritten_when_lifted: 1,
        limit_ms: 10_000,
        latest_begin_ms: 10_000,
        latest_commit_ms: 11_500,
        latest_commit_allowed_ms: 13_000,
        longest_write_ms: 1_500,
        applied_once: 4,
      },
    });
  });

  test('does not hold when a write begins after the limit, however short it is', () => {
    const late = withWrite({ begunAt: LIMIT + 1, committedAt: LIMIT + 2 });
    expect(judgeStop(late)).toMatchObject({ holds: false, figures: { begun_after_limit: 1 } });
    expect(checksOf(late)).toEqual(['late-begin']);
  });

  test('does not hold when a write commits after its statement must have ended', () => {
    expect(checksOf(withWrite({ committedAt: LIMIT + 3_001 }))).toEqual(['late-commit']);
  });

  test('is judged by the database’s clock, wherever the plane’s stands', () => {
    const ahead = { pressed: { at: STOPPED - 60_000, noWriteBeginsAfter: LIMIT - 60_000 } };
    const sample = { before: STOPPED - 1, plane: STOPPED - 60_000, after: STOPPED };
    expect(judgeStop(factsOf({ ...ahead, samples: [sample] })).figures.limit_ms).toBe(10_000);
    expect(checksOf(factsOf({ ...ahead, samples: [sample] }))).toEqual([]);
  });

  test('is not blamed for what the comparison of the clocks leaves open', () => {
    const samples = [
      { before: STOPPED - 30, plane: STOPPED, after: STOPPED + 20 },
      { before: STOPPED - 5, plane: STOPPED, after: STOPPED + 40 },
    ];
    const { writes } = withWrite({ begunAt: LIMIT + 20 });
    const report = judgeStop(factsOf({ samples, writes }));
    expect(report.figures.clock_difference_ms).toEqual({ least: -6, most: 20 });
    expect(report.holds).toBe(true);
    expect(checksOf(factsOf({ samples, writes: withWrite({ begunAt: LIMIT + 21 }).writes }))).toEqual([
      'late-begin',
    ]);
  });

  test.each<[string, Partial<StopFacts>, string]>([
    ['a lease stands in the ledger', { leasedUnderStop: 1 }, 'leased-under-stop'],
    [
      'another runner is given work',
      { asked: { given: 1, renewalRefusedWith: 'frozen' } },
      'leased-under-stop',
    ],
    ['a lease becomes longer', { renewedUnderStop: 1 }, 'renewed-under-stop'],
    ['a renewal is granted', { asked: { given: 0, renewalRefusedWith: undefined } }, 'renewed-under-stop'],
    [
      'a renewal is refused for another reason',
      { asked: { given: 0, renewalRefusedWith: 'lease_lost' } },
      'renewed-under-stop',
    ],
  ])('does not hold when %s under it', (_what, changes, check) => {
    expect(checksOf(factsOf(changes))).toEqual([check]);
  });
});

describe('what was held back', () => {
  test.each<[string, Partial<StopFacts>]>([
    ['is never done', { rows: [{ id: 'a', moved: 0, receipts: 0 }], writes: [], applied: 1 }],
    ['is done twice', { rows: [{ id: 'a', moved: 2, receipts: 2 }], applied: 1 }],
    ['is done without a receipt', { rows: [{ id: 'a', moved: 1, receipts: 0 }], applied: 1 }],
    ['is done, and the plane does not know it', { applied: 3 }],
  ])('must not be what %s', (_what, changes) => {
    expect(checksOf(factsOf(changes))).toContain('exactly-once');
  });
});

describe('a drill', () => {
  test.each<[string, Partial<StopFacts>]>([
    ['whose runner was cut off too early', { leased: 3 }],
    [
      'in which nothing was written under the stop',
      { writes: sound.filter(({ row }) => row !== 'b' && row !== 'c') },
    ],
    ['in which everything was written in time', { leased: 3, jobs: 3 }],
    ['that looked away too early', { liftedAt: LIMIT + 2_999 }],
  ])('%s has shown nothing', (_what, changes) => {
    expect(checksOf(factsOf(changes))).toContain('staging');
  });
});
