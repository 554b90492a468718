import { backoffMs } from '@countersign/client/backoff';
import { reach } from '../../failpoints.ts';
import { pause } from '../../pause.ts';
import type { AttemptFacts, WritePlan } from '../../verify/write-plan.ts';
import type { Authority, Outcome } from '../source-database.ts';
import { Connection } from './connection.ts';
import type { ConnectionPool } from './connection-pool.ts';
import { DatabaseFault } from './database-fault.ts';
import { type FaultMeaning, meaningOf } from './sqlstates.ts';
import type { TableStatements } from './table-statements.ts';
import { readOutcome, writeOnce } from './write-once.ts';
import type { Filling } from './write-sql.ts';

export interface ApplyOptions {
  readonly facts: AttemptFacts;
  readonly authority: Authority;
  /** Ends the waiting between tries. */
  readonly giveUp: AbortSignal;
}

/** Tries of one plan that settled nothing. More would hold up others, or harm a server that the statement crashes. */
const MOST_SETBACKS = 5;
/** Of these, such as met the row as expected and did not change it. */
const MOST_SUPPRESSED = 3;
const RETRY = { leastMs: 20, mostMs: 5_000 } as const;

/** Why one try settled nothing. */
type Setback =
  | { readonly kind: 'lapsed' }
  | { readonly kind: 'still_expected' }
  | { readonly kind: 'fault'; readonly meaning: FaultMeaning; readonly code: string };

/**
 * Carries out a plan, once, however often this is called with it: every attempt runs the same statement under the
 * same receipt key.
 *
 * After a statement whose fate is unknown the plan is *in doubt*: it may have been applied, or may yet be. From then
 * on only what the database has recorded ends it, never a failure of a later try.
 */
export async function apply(
  pool: ConnectionPool,
  statements: TableStatements,
  plan: WritePlan,
  { facts, authority, giveUp }: ApplyOptions,
): Promise<Outcome> {
  const filling: Filling = { plan, facts };
  let inDoubt = false;
  let setbacks = 0;
  let suppressed = 0;
  for (let tries = 1; ; tries += 1) {
    if (!authority.holds() && !(await authority.regain())) {
      return inDoubt ? lastLook(pool, statements, filling) : { kind: 'lease_lost' };
    }
    const result = await tryOnce(pool, statements, filling, authority);
    if (!isSetback(result)) return settle(result, inDoubt);
    if (result.kind === 'lapsed') continue;
    inDoubt ||= result.kind === 'fault' && result.meaning.kind === 'unknown';
    // In doubt, a database that is away is waited for as long as the lease can be had.
    if (!inDoubt || !isAway(result)) setbacks += 1;
    if (result.kind === 'still_expected') suppressed += 1;
    const end = inDoubt ? endInDoubt(setbacks) : endOf(result, setbacks, suppressed);
    if (end !== undefined) return end;
    await pause(backoffMs(tries, RETRY, Math.random()), giveUp);
    if (giveUp.aborted) return inDoubt ? { kind: 'unknown' } : released('busy', 'giving_up');
  }
}

/** After these a session is not there any more, or not to be used again. */
const SPOILS_SESSION: ReadonlySet<FaultMeaning['kind']> = new Set([
  'unknown',
  'unavailable',
  'again_elsewhere',
]);

async function tryOnce(
  pool: ConnectionPool,
  statements: TableStatements,
  filling: Filling,
  authority: Authority,
): Promise<Outcome | Setback> {
  const connection = await acquire(pool);
  if (!(connection instanceof Connection)) return connection;
  try {
    await reach('before_write');
    if (!authority.holds()) return { kind: 'lapsed' };
    const result = await writeOnce(connection, statements, filling);
    return result === 'still_expected' ? { kind: 'still_expected' } : result;
  } catch (error) {
    if (!(error instanceof DatabaseFault)) connection.destroy();
    const setback = setbackOf(error);
    if (SPOILS_SESSION.has(setback.meaning.kind)) connection.destroy();
    return setback;
  } finally {
    pool.release(connection);
  }
}

async function acquire(pool: ConnectionPool): Promise<Connection | Setback> {
  try {
    return await pool.acquire();
  } catch (error) {
    // Whatever the server said, a session that was never opened has written nothing.
    return { ...setbackOf(error), meaning: { kind: 'unavailable' } };
  }
}

function setbackOf(error: unknown): Setback & { kind: 'fault' } {
  if (!(error instanceof DatabaseFault)) throw error;
  return { kind: 'fault', meaning: meaningOf(error), code: error.code };
}

function isSetback(result: Outcome | Setback): result is Setback {
  return result.kind === 'lapsed' || result.kind === 'still_expected' || result.kind === 'fault';
}

function isAway(setback: Setback): boolean {
  return setback.kind === 'fault' && setback.meaning.kind === 'unavailable';
}

/** A failure that the pass itself found (two rows, a foreign receipt) says nothing of an earlier statement. */
function settle(outcome: Outcome, inDoubt: boolean): Outcome {
  return inDoubt && outcome.kind === 'failed' ? { kind: 'unknown' } : outcome;
}

function endInDoubt(setbacks: number): Outcome | undefined {
  return setbacks >= MOST_SETBACKS ? { kind: 'unknown' } : undefined;
}

/** How a setback ends a plan of which nothing was written; undefined where it is tried again. */
function endOf(
  setback: Exclude<Setback, { kind: 'lapsed' }>,
  setbacks: number,
  suppressed: number,
): Outcome | undefined {
  if (setback.kind === 'still_expected') {
    return suppressed >= MOST_SUPPRESSED ? { kind: 'failed', code: 'WRITE_SUPPRESSED' } : undefined;
  }
  switch (setback.meaning.kind) {
    case 'failed':
      return { kind: 'failed', code: setback.meaning.code };
    case 'duplicate':
      return { kind: 'failed', code: 'CONSTRAINT_VIOLATED' };
    case 'busy':
      return released('busy', setback.code);
    case 'unavailable':
      return released('database_unavailable', setback.code);
    case 'again':
    case 'again_elsewhere':
      return setbacks >= MOST_SETBACKS ? released('busy', setback.code) : undefined;
    case 'unknown':
      return undefined;
  }
}

function released(reason: 'busy' | 'database_unavailable', cause: string): Outcome {
  return { kind: 'released', reason, cause };
}

/** Without a lease nothing more may be written, but a receipt may still be read and reported. */
async function lastLook(
  pool: ConnectionPool,
  statements: TableStatements,
  filling: Filling,
): Promise<Outcome> {
  const connection = await acquire(pool);
  if (!(connection instanceof Connection)) return { kind: 'unknown' };
  try {
    return settle((await readOutcome(connection, statements, filling)) ?? { kind: 'unknown' }, true);
  } catch (error) {
    setbackOf(error);
    connection.destroy();
    return { kind: 'unknown' };
  } finally {
    pool.release(connection);
  }
}
