import { versionIdOf } from '@countersign/durable-objects/tenant/contracts/contract-ids';
import type { Ask } from '@countersign/durable-objects/tenant/turn/command';
import { digest } from '@countersign/protocol/canonical-json';
import { contractDigest } from '@countersign/protocol/contract/contract-digest';
import { pushOf } from '../found-tenant.ts';
import { CONTRACT_ID, contractOf, editions, policiesOf } from '../law.ts';
import { newProcess, type Process } from '../schedule.ts';
import { owner } from '../tenant.ts';
import type { World } from '../world.ts';

/** The owner, who brings editions of the contract into force, policies, and older ones of both again. */
export function startLawmaker(world: World): void {
  if (world.isDeadly || !world.random.chance(world.hasAgents ? 0.6 : 0.2)) return;
  void makeLaw(world, newProcess('owner'));
}

async function makeLaw(world: World, self: Process): Promise<void> {
  const { random, schedule, network } = world;
  const pace = random.pick([3_000, 30_000]);
  await schedule.think(self, random.between(0, 500), 'owner begins');
  while (!world.isCalm) {
    for (const ask of random.chance(0.5) ? drawContract(world) : drawPolicy(world)) {
      await network.insist(self, { caller: owner, ask, key: null }, 3);
    }
    await schedule.think(self, random.between(500, pace), 'owner ponders');
  }
}

function drawContract({ random, history }: World): readonly Ask[] {
  const edition = random.pick(editions);
  if (random.chance(0.6)) return [pushOf(history, edition, random.chance(0.7))];
  const versionId = versionIdOf(CONTRACT_ID, contractDigest(contractOf(history, edition)));
  const isRollback = random.chance(0.5);
  return [
    { type: 'activate-contract', contractId: CONTRACT_ID, versionId, reason: 'it was better so', isRollback },
  ];
}

function drawPolicy({ random, history }: World): readonly Ask[] {
  const document = random.pick(policiesOf(history));
  const { name } = document;
  const reason = 'so be it';
  if (random.chance(0.2)) return [{ type: 'retire-policy', name, reason }];
  const save = { type: 'save-policy', document } as const;
  return random.chance(0.1)
    ? [save]
    : [save, { type: 'activate-policy', name, digest: digest(document), reason }];
}
