import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { buildRunner } from '@countersign/runner/build';
import { Processes } from '../../scripts/local/processes.ts';
import { runnerChild, runnerConfig } from '../../scripts/stack/runner-child.ts';
import type { BenchPlane } from './bench-plane.ts';
import type { DurablePostgres } from './durable-postgres.ts';
import { SOURCE, TENANT } from './names.ts';

const STOP_GRACE_MS = 10_000;

/** The runner as it is shipped, as a process of its own. */
export interface RunnerProcess {
  /**
   * Waits until the runner says that it has settled this proposal's job, which it does as soon as the database has
   * answered; returns when that was heard, on the clock of `performance.now()`. Throws unless the job was applied.
   */
  applied(proposalId: string): Promise<number>;
  stop(): Promise<void>;
}

interface LogLine {
  readonly event: string;
  readonly proposal_id?: string;
  readonly outcome?: string;
}

export async function startRunner(
  { plane, runnerToken }: BenchPlane,
  { url }: DurablePostgres,
): Promise<RunnerProcess> {
  await buildRunner();
  const folder = await mkdtemp(join(tmpdir(), 'countersign-bench-runner-'));
  const configPath = join(folder, 'runner.json');
  await writeFile(
    configPath,
    JSON.stringify(runnerConfig({ url: plane.url, projectId: TENANT, sourceId: SOURCE })),
  );
  const processes = new Processes({ logFolder: folder, stopGraceMs: STOP_GRACE_MS });
  const runner = await processes.start(runnerChild({ configPath, token: runnerToken, databaseUrl: url }));
  const { stdout } = runner.process;
  if (stdout === null) throw new TypeError('the runner has no stdout');
  const awaited = new Map<string, PromiseWithResolvers<number>>();
  createInterface({ input: stdout }).on('line', (text) => {
    const at = performance.now();
    const { event, proposal_id = '', outcome }: LogLine = JSON.parse(text);
    const place = awaited.get(proposal_id);
    if (event !== 'job_settled' || place === undefined) return;
    awaited.delete(proposal_id);
    if (outcome === 'applied') place.resolve(at);
    else place.reject(new Error(`the job of ${proposal_id} ended as ${outcome}`));
  });
  return {
    applied: (proposalId) => {
      const place = Promise.withResolvers<number>();
      awaited.set(proposalId, place);
      return place.promise;
    },
    stop: async () => {
      await processes.stopAll();
      await rm(folder, { recursive: true, force: true });
    },
  };
}
