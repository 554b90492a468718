import { coversSource } from '../access/authorize.ts';
import type { Identity } from '../access/identity.ts';
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
  if (known?.status === 'draining' && known.sources.includes(source_id)) {
    return unchanged(refuse('runner_draining', `the runner ${runner_id} was taken out of service`));
  }
  const rows = world
    .rehearsals(source_id)
    .filter(({ rehearsal }) => (rehearsal?.until ?? 0) > now)
    .slice(0, limit);
  const reply = answer({ ok: true, rehearsals: [], server_time: new Date(now).toISOString() });
  if (rows.length === 0) return unchanged(reply);
  const taker = { actor: identity.actor, runnerId: runner_id };
  const entries = rows.map((row, place) =>
    leaseRehearsal(world.tenant, row, taker, world.nextSeq + place, now),
  );
  return { reply, entries, rehearsed: rows.map((row) => row.seq) };
}
