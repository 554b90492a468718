import { backoffMs } from '@countersign/client/backoff';
import { pause } from '@countersign/client/pause';
import { DatabaseFault } from './database-fault.ts';
import type { FaultMeaning } from './fault-meaning.ts';
import type { Authority, Outcome } from './source-database.ts';
import type { Unsettled } from './write-once.ts';

/** How one plan is tried. Each throws `DatabaseFault` for whatever the database did not decide. */
export interface Pass {
  /** Tries it once. */
  write(authority: Authority): Promise<Outcome | Unsettled>;
  /** What the receipt under the plan's key tells, if there is one. */
  look(): Promise<Outcome | undefined>;
  /** What `write` would do now, without a trace. */
  rehearse(): Promise<Outcome | Unsettled>;
}

export interface ApplyOptions {
  readonly authority: Authority;
  /** Ends the waiting between tries. */
  readonly giveUp: AbortSignal;
  /** Whether a statement for this plan has been sent whose fate is unknown. */
  readonly inDoubt?: boolean;
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
  pass: Pass,
  { authority, giveUp, inDoubt: wasInDoubt = false }: ApplyOptions,
): Promise<Outcome> {
  let inDoubt = wasInDoubt;
  let setbacks = 0;
  let suppressed = 0;
  for (let tries = 1; ; tries += 1) {
    if (!authority.holds() && !(await authority.regain())) {
      return inDoubt ? lastLook(pass) : { kind: 'lease_lost' };
    }
    const result = await orSetback(pass.write(authority));
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

/** What `apply` would do, tried in a transaction that is rolled back. Nothing is recorded, and no lease is needed. */
export async function rehearse(pass: Pass): Promise<Outcome> {
  for (let tries = 1; ; tries += 1) {
    const result = await orSetback(pass.rehearse());
    if (!isSetback(result)) return result;
    // Nothing of it can have been committed, so that a broken connection is one like any other.
    if (result.kind === 'fault' && result.meaning.kind === 'unknown')
      return released('database_unavailable', result.code);
    const end = endOf(result, tries, tries);
    if (end !== undefined) return end;
  }
}

async function orSetback(result: Promise<Outcome | Unsettled>): Promise<Outcome | Setback> {
  try {
    const settled = await result;
    return typeof settled === 'string' ? { kind: settled } : settled;
  } catch (error) {
    if (!(error instanceof DatabaseFault)) throw error;
    return { kind: 'fault', meaning: error.meaning, code: error.code };
  }
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
function endOf(setback: Setback, setbacks: number, suppressed: number): Outcome | undefined {
  if (setback.kind === 'lapsed') return undefined;
  if (setback.kind === 'still_expected') {
    return suppressed >= MOST_SUPPRESSED ? { kind: 'failed', code: 'WRITE_SUPPRESSED' } : undefined;
  }
  switch (setback.meaning.kind) {
    case 'failed':
      return { kind: 'failed', code: setback.meaning.code };
    case 'busy':
      return released('busy', setback.code);
    case 'unavailable':
      return released('database_unavailable', setback.code);
    case 'again':
    case 'again_elsewhere':
      return setbacks >= MOST_SETBACKS ? released('busy', setback.code) : undefined;
    case 'unknown':
    case 'receipt_there':
      return undefined;
  }
}

function released(reason: 'busy' | 'database_unavailable', cause: string): Outcome {
  return { kind: 'released', reason, cause };
}

/** Without a lease nothing more may be written, but a receipt may still be read and reported. */
async function lastLook(pass: Pass): Promise<Outcome> {
  try {
    return settle((await pass.look()) ?? { kind: 'unknown' }, true);
  } catch (error) {
    if (!(error instanceof DatabaseFault)) throw error;
    return { kind: 'unknown' };
  }
}
