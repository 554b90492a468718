import type { Identity } from '../access/identity.ts';
import { coveredBy, freezeOver } from '../freezes/freeze.ts';
import { refuseFrozen } from '../freezes/freeze-view.ts';
import type { AskOf } from '../turn/command.ts';
import { type Outcome, unchanged } from '../turn/outcome.ts';
import { answer } from '../turn/reply.ts';
import type { World } from '../turn/world.ts';
import { findJob, refusalOfLease } from './held-lease.ts';
import { writeBy } from './job-form.ts';

/**
 * Extends a lease and, with it, the authority to begin the write. Leaves no entry. What was promised before stands:
 * a renewal that asks for less, or that a clock behind decides, takes nothing back.
 */
export function renew(
  world: World,
  { jobId, request }: AskOf<'renew'>,
  identity: Identity,
  now: number,
): Outcome {
  const found = findJob(world, jobId, identity);
  if (!found.ok) return unchanged(found.reply);
  const refusal = refusalOfLease(found.row, request.lease_id, request.runner_id);
  if (refusal !== undefined) return unchanged(refusal);
  const of = { source: found.row.source_id, runner: request.runner_id, ...coveredBy(found.row) };
  const freeze = freezeOver(world, of, now);
  if (freeze !== undefined) return unchanged(refuseFrozen(freeze));
  const until = Math.max(now + request.lease_seconds * 1_000, found.row.lease_expires_at ?? 0);
  const lease = {
    lease_id: request.lease_id,
    attempt: found.row.attempt,
    expires_at: new Date(until).toISOString(),
  };
  return {
    reply: answer({
      ok: true,
      job_id: jobId,
      lease,
      write_by: writeBy(now, until),
      server_time: new Date(now).toISOString(),
    }),
    entries: [],
    volatile: { renewed: { seq: found.row.seq, lease_expires_at: until } },
  };
}
