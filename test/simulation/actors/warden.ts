import type { Reply } from '@countersign/durable-objects/tenant/turn/reply';
import type { FreezeScope } from '@countersign/protocol/fleet-requests';
import { CONTRACT_ID } from '../law.ts';
import { newProcess, type Process } from '../schedule.ts';
import { operator, runnerSeats, SOURCES } from '../tenant.ts';
import type { World } from '../world.ts';

const AGAIN_MS = 3_000;

const scopes: readonly [FreezeScope, ...FreezeScope[]] = [
  { kind: 'project' },
  ...SOURCES.map((id) => ({ kind: 'source' as const, id })),
  { kind: 'agent', id: 'crd_ada' },
  { kind: 'contract', id: CONTRACT_ID },
  ...runnerSeats.map(({ runnerId: id }) => ({ kind: 'runner' as const, id })),
];

/** In some histories an operator holds work back and lets it go again, and everything when calm comes. */
export function startWarden(world: World): void {
  if (world.isGuarded) void runWarden(world, newProcess('warden'));
}

async function runWarden(world: World, self: Process): Promise<void> {
  const { random, schedule, network } = world;
  while (!world.isCalm) {
    await schedule.think(self, random.between(300, 20_000), 'warden looks');
    if (world.isCalm) break;
    const until = random.chance(0.4) ? schedule.now + random.between(500, 30_000) : null;
    const freeze = { type: 'place-freeze', scope: random.pick(scopes), reason: 'a drill', until } as const;
    const stop = { type: 'emergency-stop', runnerId: null, reason: 'a drill' } as const;
    const ask = random.chance(0.15) ? stop : freeze;
    await network.insist(self, { caller: operator, ask, key: null }, 2);
    await schedule.think(self, random.between(100, 15_000), 'warden waits');
    if (random.chance(0.7)) await liftAll(world, self);
  }
  // A freeze whose answer was lost may yet land: somebody looks until all has come to rest.
  for (;;) {
    await liftAll(world, self);
    await schedule.think(self, AGAIN_MS, 'warden looks again');
  }
}

async function liftAll({ network }: World, self: Process): Promise<void> {
  const look = { type: 'list-freezes' } as const;
  const listed = await network.insist(self, { caller: operator, ask: look, key: null }, 3);
  if (!listed?.ok) return;
  for (const freezeId of freezeIdsIn(listed)) {
    const ask = { type: 'lift-freeze', freezeId, reason: 'the drill is over' } as const;
    await network.insist(self, { caller: operator, ask, key: null }, 3);
  }
}

function freezeIdsIn(reply: Extract<Reply, { ok: true }>): string[] {
  const { freezes } = reply.body;
  if (!Array.isArray(freezes)) return [];
  const listed: readonly { readonly freeze_id: string; readonly state: string }[] = freezes;
  return listed.filter(({ state }) => state === 'in_force').map(({ freeze_id }) => freeze_id);
}
