import { coversSource } from '../access/authorize.ts';
import type { Identity } from '../access/identity.ts';
import { freezeOver } from '../freezes/freeze.ts';
import { freezeMark } from '../freezes/freeze-view.ts';
import { refuseOutOfService } from '../runners/out-of-service.ts';
import { seenRunner } from '../runners/seen-runner.ts';
import type { AskOf } from '../turn/command.ts';
import { type Outcome, unchanged } from '../turn/outcome.ts';
import { answer, refuse } from '../turn/reply.ts';
import type { World } from '../turn/world.ts';
import { frontOfQueue } from './front-of-queue.ts';
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
  const known = world.row('runners', runner_id);
  // Whoever registers a name for other sources says nothing about this one.
  const refusal = known?.sources.includes(source_id) === true ? refuseOutOfService(known) : undefined;
  if (refusal !== undefined) return unchanged(refusal);
  const server_time = new Date(now).toISOString();
  const freeze = freezeOver(world, { source: source_id, runner: runner_id }, now);
  if (freeze !== undefined)
    return unchanged(answer({ ok: true, jobs: [], frozen: freezeMark(freeze), server_time }));
  const taker = { actor: identity.actor, runnerId: runner_id, leaseSeconds: lease_seconds };
  const { frozen, ready } = frontOfQueue(world, source_id, limit, now);
  const first = world.nextSeq + frozen.length;
  const leases = ready.map((row, place) => leaseJob(world, row, taker, first + place, now));
  const reply = answer({ ok: true, jobs: [], server_time });
  if (ready.length === 0) return { reply, entries: frozen };
  const seen = seenRunner(known, now);
  return {
    reply,
    entries: [...frozen, ...leases],
    leased: ready.map((row) => row.seq),
    ...(seen === undefined ? {} : { volatile: seen }),
  };
}
