import { coversSource } from '../access/authorize.ts';
import type { Identity } from '../access/identity.ts';
import { freezeOver } from '../freezes/freeze.ts';
import { freezeMark } from '../freezes/freeze-view.ts';
import { refuseOutOfService } from '../runners/out-of-service.ts';
import type { AskOf } from '../turn/command.ts';
import { type Outcome, unchanged } from '../turn/outcome.ts';
import { answer, refuse } from '../turn/reply.ts';
import type { World } from '../turn/world.ts';
import { leaseRehearsal } from './lease-rehearsal.ts';

/** Hands the rehearsals that wait at a source to a runner. The reply's list is made once the leases stand. */
export function claimRehearsals(
  world: World,
  { request }: AskOf<'claim-rehearsals'>,
  identity: Identity,
  now: number,
): Outcome {
  const { source_id, runner_id, limit } = request;
  if (!coversSource(identity, source_id)) {
    return unchanged(refuse('source_not_permitted', `this token does not cover the source ${source_id}`));
  }
  const known = world.row('runners', runner_id);
  const refusal = known?.sources.includes(source_id) === true ? refuseOutOfService(known) : undefined;
  if (refusal !== undefined) return unchanged(refusal);
  const freeze = freezeOver(world, { source: source_id, runner: runner_id }, now);
  if (freeze !== undefined) {
    const server_time = new Date(now).toISOString();
    return unchanged(answer({ ok: true, rehearsals: [], frozen: freezeMark(freeze), server_time }));
  }
  const rows = world
    .rehearsals(source_id)
    .filter(({ rehearsal }) => (rehearsal?.until ?? 0) > now)
    .slice(0, limit);
  const reply = answer({ ok: true, rehearsals: [], server_time: new Date(now).toISOString() });
  if (rows.length === 0) return unchanged(reply);
  const taker = { actor: identity.actor, runnerId: runner_id };
  const entries = rows.map((row, place) => leaseRehearsal(world, row, taker, world.nextSeq + place, now));
  return { reply, entries, rehearsed: rows.map((row) => row.seq) };
}
