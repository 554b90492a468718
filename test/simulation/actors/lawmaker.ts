import { versionIdOf } from '@countersign/durable-objects/tenant/contracts/contract-ids';
import type { Ask } from '@countersign/durable-objects/tenant/turn/command';
import { contractDigest } from '@countersign/protocol/contract/contract-digest';
import { pushOf } from '../found-tenant.ts';
import { CONTRACT_ID, contractOf, editions } from '../law.ts';
import { newProcess, type Process } from '../schedule.ts';
import { owner } from '../tenant.ts';
import type { World } from '../world.ts';

/** The owner, who brings other editions of the contract into force, and older ones again, in the middle of things. */
export function startLawmaker(world: World): void {
  if (!world.isDeadly && world.random.chance(0.5)) void makeLaw(world, newProcess('owner'));
}

async function makeLaw(world: World, self: Process): Promise<void> {
  const { random, schedule, network } = world;
  while (!world.isCalm) {
    await schedule.think(self, random.between(500, 30_000), 'owner ponders');
    if (world.isCalm) return;
    await network.insist(self, { caller: owner, ask: draw(world), key: null }, 3);
  }
}

function draw({ random, history }: World): Ask {
  const edition = random.pick(editions);
  if (random.chance(0.6)) return pushOf(history, edition, random.chance(0.7));
  const versionId = versionIdOf(CONTRACT_ID, contractDigest(contractOf(history, edition)));
  return {
    type: 'activate-contract',
    contractId: CONTRACT_ID,
    versionId,
    reason: 'it was better so',
    isRollback: random.chance(0.5),
  };
}
