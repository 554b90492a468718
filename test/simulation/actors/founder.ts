import type { Ask } from '@countersign/durable-objects/tenant/turn/command';
import { newProcess, type Process } from '../schedule.ts';
import { admin } from '../tenant.ts';
import type { World } from '../world.ts';

const ORIGINS = ['https://a.example', 'https://b.example', 'http://localhost:3000'] as const;
const TOOLS = ['ci', 'terraform', 'cron'] as const;

/** In some histories the bootstrap token is brought again and again, and an admin changes origins and tools’ accounts. */
export function startFounder(world: World): void {
  if (!world.isFounded) return;
  for (const name of ['founder', 'another founder']) void found(world, newProcess(name));
}

async function found(world: World, self: Process): Promise<void> {
  const { network, random, schedule } = world;
  for (let made = 0; !world.isCalm; made += 1) {
    await schedule.think(self, random.between(100, 10_000), 'founder thinks');
    if (world.isCalm) return;
    const isFirstRun = random.chance(0.4);
    const caller = isFirstRun ? ({ kind: 'system' } as const) : admin;
    const ask = isFirstRun ? bootstrap(self, made) : administration(world, self, made);
    await network.insist(self, { caller, ask, key: null }, 3);
  }
}

function bootstrap({ name }: Process, made: number): Ask {
  return { type: 'bootstrap', minted: minted(name, made), name: `first of ${name}`, expiresAt: null };
}

function administration({ random }: World, { name }: Process, made: number): Ask {
  const origin = random.pick(ORIGINS);
  if (random.chance(0.5)) return { type: random.pick(['allow-origin', 'deny-origin']), origin };
  const common = { kind: 'service' } as const;
  const credentialId = minted(name, random.between(0, made)).id;
  if (random.chance(0.3)) return { type: 'revoke-credential', ...common, credentialId, reason: null };
  const again = { minted: minted(name, made), overlapSeconds: random.pick([0, 5]), expiresAt: null };
  if (random.chance(0.4)) return { type: 'rotate-credential', ...common, credentialId, ...again };
  const wanted = {
    name: random.pick(TOOLS),
    sources: [],
    permissions: ['project:read'],
    role: null,
    bindings: {},
  };
  const none = { capabilities: null, targets: [], handlers: [], expiresAt: null };
  return { type: 'issue-credential', ...common, minted: minted(name, made), wanted: { ...wanted, ...none } };
}

function minted(name: string, made: number) {
  const id = `ak_${name.replaceAll(' ', '_')}_${made}`;
  return { id, digest: `d_${id}` };
}
