import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { readReadyLine } from '@countersign/serve/ready-line';
import { Processes } from '../../scripts/local/processes.ts';

const READY_TIMEOUT_MS = 10_000;
const STOP_GRACE_MS = 5_000;

export interface ChildServer {
  readonly url: URL;
  readonly pid: number;
  stop(): Promise<void>;
}

/**
 * Starts one of this folder's servers as a process of its own, so that what it does is counted neither as the bench's
 * nor as anybody's that is measured.
 *
 * @param name the file is `<name>-process.ts`; it announces its address when it serves
 * @param env what it is told
 */
export async function startChildServer(name: string, env: Record<string, string>): Promise<ChildServer> {
  const folder = await mkdtemp(join(tmpdir(), `countersign-bench-${name}-`));
  const processes = new Processes({ logFolder: folder, stopGraceMs: STOP_GRACE_MS });
  const { ready, process } = await processes.start({
    name,
    script: fileURLToPath(new URL(`./${name}-process.ts`, import.meta.url)),
    args: [],
    env,
    readReady: readReadyLine,
    readyTimeoutMs: READY_TIMEOUT_MS,
  });
  if (process.pid === undefined) throw new TypeError(`${name} has no pid`);
  return {
    url: new URL(ready),
    pid: process.pid,
    stop: async () => {
      await processes.stopAll();
      await rm(folder, { recursive: true, force: true });
    },
  };
}
