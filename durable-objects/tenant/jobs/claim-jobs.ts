import { coversSource } from '../access/authorize.ts';
import type { Identity } from '../access/identity.ts';
import { seenRunner } from '../runners/seen-runner.ts';
import type { AskOf } from '../turn/command.ts';
import { type Outcome, unchanged } from '../turn/outcome.ts';
import { answer, refuse } from '../turn/reply.ts';
import type { World } from '../turn/world.ts';
import { leaseJob } from './lease-job.ts';

/**
 * Leases the first jobs of a source's queue, unless the runner drains. Nothing to lease is an answer, and writes nothing.
 * The reply's jobs are added by the turn once the leases stand.
 */
export function claim(world: World, { request }: AskOf<'claim'>, identity: Identity, now: number): Outcome {
  const { source_id, runner_id, limit, lease_seconds } = request;
  if (!coversSource(identity, source_id)) {
    return unchanged(refuse('source_not_permitted', `this token does not cover the source ${source_id}`));
  }
  // Its process may not know, since others can take it out of service; it must be able to tell this from an empty queue.
  const known = world.row('runners', runner_id);
  // Whoever registers a name for other sources says nothing about this one.
  if (known?.status === 'draining' && known.sources.includes(source_id)) {
    return unchanged(
      refuse(
        'runner_draining',
        `the runner ${runner_id} was taken out of service`,
        'say that it is online again',
      ),
    );
  }
  const taker = { actor: identity.actor, runnerId: runner_id, leaseSeconds: lease_seconds };
  const rows = world.queue(source_id).slice(0, limit);
  const entries = rows.map((row, place) => leaseJob(world.tenant, row, taker, world.nextSeq + place, now));
  const reply = answer({ ok: true, jobs: [], server_time: new Date(now).toISOString() });
  if (rows.length === 0) return unchanged(reply);
  const seen = seenRunner(known, now);
  return {
    reply,
    entries,
    leased: rows.map((row) => row.seq),
    ...(seen === undefined ? {} : { volatile: seen }),
  };
}
