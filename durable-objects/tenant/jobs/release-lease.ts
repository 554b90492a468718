import type { ReleaseRequest } from '@countersign/protocol/job-requests';
import type { Identity } from '../access/identity.ts';
import type { AskOf } from '../turn/command.ts';
import { type Outcome, unchanged } from '../turn/outcome.ts';
import { answer } from '../turn/reply.ts';
import type { World } from '../turn/world.ts';
import { findJob, refusalOfLease } from './held-lease.ts';

/** How long a job rests after it came back, in milliseconds: long enough not to be handed out in a tight circle. */
const REST_MS: Record<ReleaseRequest['reason'], number> = {
  draining: 0,
  not_delivered: 0,
  // Where it goes the freeze decides, not a time.
  frozen: 0,
  busy: 1_000,
  database_unavailable: 5_000,
  rehearsed: 30_000,
};
/** A runner that writes may follow at any time, and must not wait long for what was only tried. */
const LONGEST_REHEARSED_MS = 300_000;

/** A runner that cannot work now gives the job back. It costs no attempt: nothing was tried. */
export function release(
  world: World,
  { jobId, request }: AskOf<'release'>,
  identity: Identity,
  now: number,
): Outcome {
  const found = findJob(world, jobId, identity);
  if (!found.ok) return unchanged(found.reply);
  const { row } = found;
  const refusal = refusalOfLease(row, request.lease_id, request.runner_id);
  if (refusal !== undefined) return unchanged(refusal);
  const rest = restOf(request.reason, now - row.created_at);
  const not_before = rest === 0 ? null : now + rest;
  const body = {
    job_id: jobId,
    lease_id: request.lease_id,
    attempt: row.attempt,
    reason: request.reason,
    not_before,
  };
  return {
    reply: answer({ ok: true, job_id: jobId, status: 'queued', ledger_seq: world.nextSeq }),
    entries: [{ type: 'job.released', actor: identity.actor, subject: row.proposal_id, body }],
  };
}

/** What is only rehearsed comes back ever more seldom: each time is two entries of the ledger, and nothing has changed. */
function restOf(reason: ReleaseRequest['reason'], ageMs: number): number {
  const least = REST_MS[reason];
  return reason === 'rehearsed' ? Math.min(Math.max(least, ageMs), LONGEST_REHEARSED_MS) : least;
}
