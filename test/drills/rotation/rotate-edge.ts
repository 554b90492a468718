import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import * as z from 'zod';
import { FlyServer } from '../../support/fly-server.ts';
import type { TestIssuer } from '../../support/test-issuer.ts';
import type { EdgeFacts } from './facts.ts';
import { Commands, commandOnPage } from './stage/commands.ts';
import { EdgePlane } from './stage/edge-plane.ts';

const GATEWAY = 'wrangler.toml';
const PROVISIONER = 'workers/provisioner/wrangler.toml';
const OLD_HOSTING_TOKEN = 'FlyV1 fm2_the_old_one';
const NEW_HOSTING_TOKEN = 'FlyV1 fm2_the_new_one';
const FILE = 'token-mac-keys';

const changedSchema = z.object({ key_id: z.string(), next: z.array(z.string()) });

/**
 * Gives both Workers a new key and another hosting token by the printed commands, one after another. After each of them a
 * runner is hosted, and every runner that was hosted before is asked for.
 */
export async function rotateEdge(parent: string, program: string, issuer: TestIssuer): Promise<EdgeFacts> {
  const folder = join(parent, 'edge-commands');
  await mkdir(folder);
  const commands = await Commands.prepare(folder, program);
  const fly = await FlyServer.start(OLD_HOSTING_TOKEN);
  fly.world.starts = ['started'];
  fly.world.checks = ['passing'];
  const plane = await EdgePlane.prepare(folder, issuer, fly.url);
  const refused: string[] = [];
  let projects = 0;
  const look = async () => {
    await plane.deploy(await secretsOf(commands));
    projects += 1;
    await plane.provision(`edge-${projects}`);
    for (const app of fly.world.apps.values()) {
      const got = await plane.ask(app.secrets.get('COUNTERSIGN_RUNNER_TOKEN') ?? '');
      if (got !== 'in') refused.push(got);
    }
  };
  try {
    await writeFile(join(folder, FILE), `${'the first key of the edge'.repeat(2).replaceAll(' ', '-')}\n`, {
      mode: 0o600,
    });
    await writeFile(join(folder, 'hosting-token'), OLD_HOSTING_TOKEN, { mode: 0o600 });
    const put = (worker: string) =>
      `countersign keys secret tokens --file ${FILE} | wrangler secret put TOKEN_MAC_KEYS --config ${worker}`;
    for (const worker of [GATEWAY, PROVISIONER]) await commands.well(put(worker));
    const hosting = await commandOnPage('wrangler secret put HOSTING_TOKEN');
    await commands.well(hosting);
    await look();
    const { next } = changedSchema.parse(
      await commands.json(`countersign keys rotate tokens --file ${FILE}`),
    );
    for (const line of next) {
      await commands.well(line);
      await look();
    }
    // Made at the provider before it is set, and revoked there when nobody has the old one any more.
    fly.addToken(NEW_HOSTING_TOKEN);
    await writeFile(join(folder, 'hosting-token'), NEW_HOSTING_TOKEN);
    await commands.well(hosting);
    await look();
    fly.revokeToken(OLD_HOSTING_TOKEN);
    await look();
    const refusedByProvider = fly.seen.filter(({ isKnown }) => !isKnown).length;
    const asOld = await fetch(`${fly.url}/v1/apps`, { headers: bearing(OLD_HOSTING_TOKEN) });
    return {
      projects,
      refused,
      refusedByProvider,
      isOldTokenRevoked: !asOld.ok,
      isNewTokenUsed: fly.seen.some(
        ({ headers }) => headers.authorization === bearing(NEW_HOSTING_TOKEN).authorization,
      ),
    };
  } finally {
    await Promise.allSettled([plane.stop(), fly.stop()]);
  }
}

async function secretsOf(commands: Commands) {
  const [gatewayKeys, provisionerKeys, hostingToken] = await Promise.all([
    commands.secretOf(GATEWAY, 'TOKEN_MAC_KEYS'),
    commands.secretOf(PROVISIONER, 'TOKEN_MAC_KEYS'),
    commands.secretOf(PROVISIONER, 'HOSTING_TOKEN'),
  ]);
  return { gatewayKeys, provisionerKeys, hostingToken };
}

function bearing(token: string) {
  return { authorization: `Bearer ${token}` };
}
