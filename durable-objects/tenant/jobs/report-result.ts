import { jobIdOf } from '@countersign/protocol/ids';
import { resultFault } from '@countersign/protocol/job/fit-result';
import type { ResultRequest } from '@countersign/protocol/job-requests';
import type { Identity } from '../access/identity.ts';
import type { ProposalRow } from '../schema.ts';
import type { AskOf } from '../turn/command.ts';
import { type Outcome, unchanged } from '../turn/outcome.ts';
import { answer, type Reply, refuse } from '../turn/reply.ts';
import type { World } from '../turn/world.ts';
import { findJob, leaseHolder } from './held-lease.ts';
import { effectsOf, type ReportedEffects } from './reported-effects.ts';
import type { StoredResult } from './stored-result.ts';

/**
 * A runner reports. While the job is open, whoever held a lease of it tells the truth, however late: the receipt
 * in the source database is unique, so the write happened (PROTOCOL 4.4). Afterwards a result is only compared.
 */
export function report(
  world: World,
  { jobId, request }: AskOf<'report'>,
  identity: Identity,
  now: number,
): Outcome {
  const found = findJob(world, jobId, identity);
  if (!found.ok) return unchanged(found.reply);
  const { row } = found;
  const holder = leaseHolder(world, row, request.lease_id);
  if (holder === undefined) {
    return unchanged(refuse('lease_unknown', `no lease ${request.lease_id} was ever given for this job`));
  }
  if (holder !== request.runner_id) {
    return unchanged(
      refuse('lease_foreign', `that lease was given to another runner than ${request.runner_id}`),
    );
  }
  const result = storedResult(request, now);
  const body = world.body(row.body_seq);
  const fault =
    body !== undefined && 'change_set' in body ? resultFault(body.change_set, request) : undefined;
  if (fault !== undefined) return unfit(row, result, fault, identity);
  const effects = effectsOf(request);
  if (!isOpen(row)) return compare(row, result, effects, identity);
  if (isOvertaken(row, request)) return unchanged(noted(row));
  return record(world, row, result, effects, identity);
}

/** Outcomes that the source database decided and keeps under the job's key, so that every attempt agrees on them. */
const decidedByDatabase: ReadonlySet<StoredResult['status']> = new Set([
  'applied',
  'already_applied',
  'conflict',
]);

/** An attempt that wrote nothing speaks for itself only: it cannot end the job while another one is at work. */
function isOvertaken(row: ProposalRow, request: ResultRequest): boolean {
  return (
    row.job_state === 'leased' && row.lease_id !== request.lease_id && !decidedByDatabase.has(request.status)
  );
}

/** A dead letter is open too: its runner vanished, nobody decided that it failed. */
function isOpen(row: ProposalRow): boolean {
  return row.job_state === 'leased' || row.job_state === 'queued' || row.job_state === 'dead_letter';
}

function record(
  world: World,
  row: ProposalRow,
  result: StoredResult,
  effects: ReportedEffects,
  { actor }: Identity,
): Outcome {
  const body = { job_id: jobIdOf(row.proposal_id), result, ...effects };
  return {
    reply: recorded(row, result, world.nextSeq),
    entries: [{ type: 'writeback.result', actor, subject: row.proposal_id, body }],
  };
}

function compare(
  row: ProposalRow,
  reported: StoredResult,
  effects: ReportedEffects,
  identity: Identity,
): Outcome {
  if (row.result !== null && isSame(row.result, reported))
    return unchanged(recorded(row, row.result, row.tip_seq));
  const reply = refuse(
    'result_differs',
    `the job already ended as ${row.job_state}; this result says ${reported.status}. It is kept in the ledger`,
    'a person must look at the row and its receipt',
  );
  return disagreed(row, reported, effects, reply, identity);
}

/**
 * What was reported is not what was approved: no runner that kept to its job could say so. It is told and kept, and where
 * it says that rows were written, only a person can find out which.
 */
function unfit(row: ProposalRow, reported: StoredResult, fault: string, identity: Identity): Outcome {
  const reply = refuse(
    'result_unfit',
    `the result is not one that this job can have: ${fault}. It is kept in the ledger`,
    'a person must look at the rows and their receipt',
  );
  return disagreed(row, reported, {}, reply, identity);
}

/** Kept once, however often it is told. */
function disagreed(
  row: ProposalRow,
  reported: StoredResult,
  effects: ReportedEffects,
  reply: Reply,
  { actor }: Identity,
): Outcome {
  if (row.discrepancy !== null && isSame(row.discrepancy, reported)) return unchanged(reply);
  const body = { job_id: jobIdOf(row.proposal_id), stored: row.result, reported, ...effects };
  return { reply, entries: [{ type: 'writeback.discrepancy', actor, subject: row.proposal_id, body }] };
}

/** `already_applied` repeats an apply: it has the same hash. */
function isSame(stored: StoredResult, reported: StoredResult): boolean {
  return outcomeOf(stored) === outcomeOf(reported) && stored.result_hash === reported.result_hash;
}

function outcomeOf(result: StoredResult): string {
  return result.status === 'already_applied' ? 'applied' : result.status;
}

function storedResult(request: ResultRequest, now: number): StoredResult {
  return {
    status: request.status,
    runner_id: request.runner_id,
    lease_id: request.lease_id,
    affected_rows: request.affected_rows ?? null,
    result_version: versionOf(request),
    result_hash: request.result_hash ?? null,
    error_code: request.error_code ?? null,
    intent_id: request.intent_id ?? null,
    completed_at: request.completed_at ?? null,
    at: now,
  };
}

/** A version as it is written: later jobs may report it as a number. */
function versionOf(request: ResultRequest): string | null {
  const version = 'result_version' in request ? request.result_version : undefined;
  return version === undefined || version === null ? null : String(version);
}

/** Nothing changed: another attempt holds the job, and it will say how the job ended. */
function noted(row: ProposalRow): Reply {
  return answer({
    ok: true,
    job_id: jobIdOf(row.proposal_id),
    proposal_id: row.proposal_id,
    status: row.job_state,
    receipt_id: null,
    ledger_seq: row.tip_seq,
  });
}

function recorded(row: ProposalRow, result: StoredResult, seq: number): Reply {
  return answer({
    ok: true,
    job_id: jobIdOf(row.proposal_id),
    proposal_id: row.proposal_id,
    status: result.status,
    receipt_id: result.result_hash,
    ledger_seq: seq,
  });
}
