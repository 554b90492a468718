import { type ClockDifference, clockDifference } from './clock-difference.ts';
import type { StopFacts, Write } from './facts.ts';

/** Something that must not be. */
export interface Violation {
  readonly check: StopCheck;
  readonly detail: string;
}

export type StopCheck =
  /** The drill did not come to what it is to show. */
  'staging' | 'late-begin' | 'late-commit' | 'leased-under-stop' | 'renewed-under-stop' | 'exactly-once';

/** Counts, and milliseconds since the stop where nothing else is said: all by the database's clock. */
export interface StopFigures {
  readonly jobs: number;
  readonly leased: number;
  readonly committed_before_stop: number;
  readonly committed_after_stop: number;
  readonly begun_after_limit: number;
  /** Begun within the limit, and committed behind it. */
  readonly committed_after_limit: number;
  readonly unwritten_when_lifted: number;
  readonly limit_ms: number;
  readonly latest_begin_ms: number | null;
  readonly latest_commit_ms: number | null;
  /** The limit, and the time that a statement may take. */
  readonly latest_commit_allowed_ms: number;
  readonly longest_write_ms: number | null;
  readonly lifted_ms: number;
  /** By how much the database's clock is ahead of the plane's. */
  readonly clock_difference_ms: ClockDifference;
  readonly leased_under_stop: number;
  readonly renewed_under_stop: number;
  readonly applied_once: number;
}

export interface StopReport {
  readonly holds: boolean;
  readonly violations: readonly Violation[];
  readonly figures: StopFigures;
}

/** Facts with the moments of the stop on the database's clock, each at the latest that it can have been. */
interface Placed extends StopFacts {
  readonly difference: ClockDifference;
  readonly stoppedAt: number;
  readonly limit: number;
  readonly lastCommit: number;
  /** Begun before the stop was lifted. */
  readonly early: readonly Write[];
}

/**
 * What a drill has shown. A write begins when the database takes up its statement, which must not be later than the
 * limit that the plane named; it commits as long after as the statement takes, for which the database has a limit too.
 */
export function judgeStop(facts: StopFacts): StopReport {
  const placed = place(facts);
  const violations = checks.flatMap((check) => check(placed));
  return { holds: violations.length === 0, violations, figures: figuresOf(placed) };
}

function place(facts: StopFacts): Placed {
  const { liftedAt, pressed, samples, statementTimeoutMs, writes } = facts;
  const difference = clockDifference(samples);
  const limit = pressed.noWriteBeginsAfter + difference.most;
  return {
    ...facts,
    difference,
    stoppedAt: pressed.at + difference.most,
    limit,
    lastCommit: limit + statementTimeoutMs,
    early: writes.filter(({ begunAt }) => begunAt < liftedAt),
  };
}

type Check = (placed: Placed) => readonly Violation[];

const checks: readonly Check[] = [checkStaging, checkBegins, checkCommits, checkRecord, checkExactlyOnce];

/** A stop that had nothing to hold back has shown nothing. */
function checkStaging({ early, jobs, lastCommit, leased, liftedAt, stoppedAt }: Placed): Violation[] {
  const found = [
    leased === jobs ? undefined : `${leased} of ${jobs} jobs were leased`,
    early.some(({ begunAt }) => begunAt > stoppedAt) ? undefined : 'nothing was written after the stop',
    early.length < leased ? undefined : 'nothing was left to hold back',
    liftedAt > lastCommit ? undefined : 'the stop was lifted before the last commit that it allows',
  ];
  return found.filter((detail) => detail !== undefined).map((detail) => ({ check: 'staging', detail }));
}

function checkBegins({ early, limit, stoppedAt }: Placed): Violation[] {
  return early
    .filter(({ begunAt }) => begunAt > limit)
    .map(({ begunAt, row }) => ({
      check: 'late-begin',
      detail: `${row} was begun ${whole(begunAt - stoppedAt)} ms after the stop`,
    }));
}

function checkCommits({ early, lastCommit, stoppedAt }: Placed): Violation[] {
  return early
    .filter(({ committedAt }) => committedAt > lastCommit)
    .map(({ committedAt, row }) => ({
      check: 'late-commit',
      detail: `${row} was committed ${whole(committedAt - stoppedAt)} ms after the stop`,
    }));
}

function checkRecord({ asked, leasedUnderStop, renewedUnderStop }: Placed): Violation[] {
  const { given, renewalRefusedWith } = asked;
  const found: (Violation | undefined)[] = [
    leasedUnderStop === 0
      ? undefined
      : { check: 'leased-under-stop', detail: `the ledger has ${leasedUnderStop} leases` },
    given === 0 ? undefined : { check: 'leased-under-stop', detail: `a runner was given ${given} jobs` },
    renewedUnderStop === 0
      ? undefined
      : { check: 'renewed-under-stop', detail: `${renewedUnderStop} leases were made longer` },
    renewalRefusedWith === 'frozen'
      ? undefined
      : {
          check: 'renewed-under-stop',
          detail: `a renewal was answered with ${renewalRefusedWith ?? 'a yes'}`,
        },
  ];
  return found.filter((violation) => violation !== undefined);
}

/** Also of what was held back: when it is let go, it is done, and once. */
function checkExactlyOnce({ applied, rows, writes }: Placed): Violation[] {
  const byRow = Map.groupBy(writes, ({ row }) => row);
  const found = rows
    .map(({ id, moved, receipts }) => ({ id, moved, receipts, writes: byRow.get(id)?.length ?? 0 }))
    .filter((row) => !(row.moved === 1 && row.receipts === 1 && row.writes === 1))
    .map(
      ({ id, moved, receipts, writes }) =>
        `${id} moved by ${moved} versions, with ${receipts} receipts and ${writes} writes`,
    );
  const unsettled =
    applied === rows.length ? [] : [`the plane knows ${applied} of ${rows.length} as applied`];
  return [...found, ...unsettled].map((detail) => ({ check: 'exactly-once', detail }));
}

function figuresOf(placed: Placed): StopFigures {
  const { difference, early, limit, stoppedAt } = placed;
  const since = (moment: number) => whole(moment - stoppedAt);
  return {
    jobs: placed.jobs,
    leased: placed.leased,
    committed_before_stop: early.filter(({ committedAt }) => committedAt <= stoppedAt).length,
    committed_after_stop: early.filter(({ committedAt }) => committedAt > stoppedAt).length,
    begun_after_limit: early.filter(({ begunAt }) => begunAt > limit).length,
    committed_after_limit: early.filter(({ begunAt, committedAt }) => begunAt <= limit && committedAt > limit)
      .length,
    unwritten_when_lifted: placed.leased - early.length,
    limit_ms: since(limit),
    latest_begin_ms: most(early.map(({ begunAt }) => since(begunAt))),
    latest_commit_ms: most(early.map(({ committedAt }) => since(committedAt))),
    latest_commit_allowed_ms: since(placed.lastCommit),
    longest_write_ms: most(early.map(({ begunAt, committedAt }) => whole(committedAt - begunAt))),
    lifted_ms: since(placed.liftedAt),
    clock_difference_ms: { least: tenths(difference.least), most: tenths(difference.most) },
    leased_under_stop: placed.leasedUnderStop,
    renewed_under_stop: placed.renewedUnderStop,
    applied_once: placed.rows.filter(({ moved, receipts }) => moved === 1 && receipts === 1).length,
  };
}

function most(numbers: readonly number[]): number | null {
  return numbers.length === 0 ? null : Math.max(...numbers);
}

function whole(milliseconds: number): number {
  return Math.round(milliseconds);
}

function tenths(milliseconds: number): number {
  return Math.round(milliseconds * 10) / 10;
}
