import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { buildRunner } from '@countersign/runner/build';
import { Processes } from '../../scripts/local/processes.ts';
import { type OutboxPlane, TARGET } from './outbox-plane.ts';
import { WEBHOOK_KEY } from './webhook-posts.ts';
import type { WebhookReceiver } from './webhook-receiver.ts';

const STOP_GRACE_MS = 10_000;
/** As many as a runner takes. */
export const AT_ONCE = 20;

/** The runner as it is shipped, as a process of its own, that performs actions and nothing else. */
export async function startOutboxRunner(
  { origin, runnerToken }: OutboxPlane,
  { url }: WebhookReceiver,
): Promise<{ stop(): Promise<void> }> {
  const script = await buildRunner();
  const folder = await mkdtemp(join(tmpdir(), 'countersign-bench-outbox-'));
  const configPath = join(folder, 'runner.json');
  const config = {
    control_plane: { url: origin.origin, token: { env: 'TOKEN' } },
    runner_id: 'outbox',
    actions_at_once: AT_ONCE,
    executors: {
      [TARGET]: { provider: 'webhook', url, secrets: [{ env: 'HOOK_SECRET' }], allow_private: true },
    },
  };
  await writeFile(configPath, JSON.stringify(config));
  const processes = new Processes({ logFolder: folder, stopGraceMs: STOP_GRACE_MS });
  await processes.start({
    name: 'runner',
    script,
    args: ['start', '--config', configPath],
    env: { TOKEN: runnerToken, HOOK_SECRET: `whsec_${WEBHOOK_KEY.toString('base64')}` },
    readReady: (line) => (line.includes('"event":"starting"') ? true : null),
    readyTimeoutMs: 20_000,
  });
  return {
    stop: async () => {
      await processes.stopAll();
      await rm(folder, { recursive: true, force: true });
    },
  };
}
