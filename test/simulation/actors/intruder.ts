import { newProcess } from '../schedule.ts';
import { intruder } from '../tenant.ts';
import type { World } from '../world.ts';
import { holdClaim } from './gateway.ts';

/** Somebody without a valid token holds polls, like a runner, and must be handed nothing. */
export function startIntruder(world: World): void {
  if (world.random.chance(0.1)) void intrude(world);
}

async function intrude(world: World): Promise<void> {
  const { random, schedule } = world;
  const self = newProcess('intruder');
  while (!world.isCalm) {
    await schedule.think(self, random.between(1, 200), 'intruder rests');
    const type = random.pick(['claim', 'claim-rehearsals']);
    const request = {
      source_id: random.pick(intruder.sources),
      runner_id: intruder.runnerId,
      limit: 10,
      wait_seconds: random.pick([1, 5]),
    };
    await holdClaim(
      world,
      self,
      intruder,
      type === 'claim' ? { type, request: { ...request, lease_seconds: 30 } } : { type, request },
    );
  }
}
