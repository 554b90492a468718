import { randomUUID } from 'node:crypto';
import type { RehearsalPlan } from '../verify/rehearsal-plan.ts';
import { DatabaseFault, isLost } from './database-fault.ts';
import type { RehearsalFailureCode } from './failure-codes.ts';
import type { Session } from './session.ts';
import type { RehearsalOutcome } from './source-database.ts';
import type { Filling, ShownRow } from './table-writer.ts';
import { canBeTold, type ToldRow, toldInteger } from './told-value.ts';
import type { Table } from './write-once.ts';

/** Somebody waits for the answer, and a row that is written all the time is not to be locked again and again. */
const MOST_TRIES = 3;

/** A try that settled nothing: no row had the version that was read just before, or the database was at fault. */
type Setback =
  | { readonly kind: 'moved'; readonly version: string }
  | { readonly kind: 'fault'; readonly fault: DatabaseFault };

/**
 * Reads a row, runs the guarded statement that a write would run from the version that was read, reads the row once
 * more, and takes everything back, the receipt too. Its key is one that no job can have.
 */
export async function rehearseChange<S extends Session>(
  table: Table<S>,
  plan: RehearsalPlan,
  runnerId: string,
): Promise<RehearsalOutcome> {
  let last: Setback | undefined;
  for (let tries = 1; tries <= MOST_TRIES; tries += 1) {
    const met = await orFault(rehearseOnce(table, plan, runnerId));
    if (met.kind !== 'moved' && met.kind !== 'fault') return met;
    // Twice at the same version: something in the database suppresses the write.
    if (met.kind === 'moved' && last?.kind === 'moved' && met.version === last.version)
      return { kind: 'failed', code: 'WRITE_SUPPRESSED' };
    if (met.kind === 'fault' && !isWorthAnother(met.fault)) return failureOf(met.fault);
    last = met;
  }
  return last?.kind === 'fault' ? failureOf(last.fault) : { kind: 'failed', code: 'SERIALIZATION_FAILURE' };
}

async function orFault(met: Promise<RehearsalOutcome | Setback>): Promise<RehearsalOutcome | Setback> {
  try {
    return await met;
  } catch (fault) {
    if (!(fault instanceof DatabaseFault)) throw fault;
    return { kind: 'fault', fault };
  }
}

function rehearseOnce<S extends Session>(
  { pool, writer }: Table<S>,
  plan: RehearsalPlan,
  runnerId: string,
): Promise<RehearsalOutcome | Setback> {
  return pool.lend(async (session) => {
    const rows = await writer.readShown(session, fillingOf(plan, runnerId, ''), plan.visible);
    const [before] = rows;
    if (before === undefined) return { kind: 'row_not_found' };
    if (rows.length > 1) return { kind: 'failed', code: 'PRIMARY_KEY_NOT_UNIQUE' };
    const filling = fillingOf(plan, runnerId, before.version);
    const rehearsed = await (await writer.prepareShown(session, filling, plan.visible))();
    if (rehearsed === undefined) return { kind: 'moved', version: before.version };
    return outcomeOf(plan, before, rehearsed.row, rehearsed.lockHeldMs);
  });
}

function outcomeOf(
  { visible }: RehearsalPlan,
  before: ShownRow,
  after: ShownRow | undefined,
  lockHeldMs: number,
): RehearsalOutcome {
  // A trigger gave it another key or another tenant: nobody would find what was approved.
  if (after === undefined) return { kind: 'failed', code: 'TRANSACTION_FAILED' };
  const rowOf = ({ values }: ShownRow): ToldRow =>
    Object.fromEntries(visible.map((column, place) => [column, values[place] ?? null]));
  const told = { before: rowOf(before), after: rowOf(after) };
  if (!canBeTold(told.before, told.after)) return { kind: 'failed', code: 'VALUES_NOT_TOLD' };
  const version = toldInteger(before.version);
  return { kind: 'done', ...told, version, lockHeldMs: Math.round(lockHeldMs * 1_000) / 1_000 };
}

function fillingOf(plan: RehearsalPlan, runnerId: string, expectedVersion: string): Filling {
  const { columns, leaseId, primaryKey, proposalId, rehearsalId, table, tenant, values } = plan;
  return {
    plan: {
      ...{ table, primaryKey, tenant, expectedVersion, columns, values, proposalId },
      idempotencyKey: `rehearsal:${randomUUID()}`,
      jobId: rehearsalId,
      proposalHash: 'rehearsal',
    },
    facts: { attempt: 1, leaseId, runnerId },
  };
}

/** Nothing of a rehearsal can have been committed, so that a line that broke is one like any other. */
function isWorthAnother(fault: DatabaseFault): boolean {
  const { kind } = fault.meaning;
  return kind === 'again' || kind === 'again_elsewhere' || isLost(fault);
}

function failureOf(fault: DatabaseFault): RehearsalOutcome {
  return { kind: 'failed', code: codeOf(fault), cause: fault.code };
}

function codeOf(fault: DatabaseFault): RehearsalFailureCode {
  const { meaning } = fault;
  switch (meaning.kind) {
    case 'failed':
      return meaning.code;
    case 'busy':
      return meaning.over === 'lock' ? 'LOCK_TIMEOUT' : 'STATEMENT_TIMEOUT';
    case 'again':
    case 'again_elsewhere':
      return 'SERIALIZATION_FAILURE';
    case 'unavailable':
      return 'DATABASE_UNAVAILABLE';
    case 'unknown':
      return isLost(fault) ? 'DATABASE_UNAVAILABLE' : 'STATEMENT_TIMEOUT';
    case 'receipt_there':
      return 'RECEIPT_MISMATCH';
  }
}
