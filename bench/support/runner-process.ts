import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { buildRunner } from '@countersign/runner/build';
import { Processes } from '../../scripts/local/processes.ts';
import { runnerChild, runnerConfig } from '../../scripts/stack/runner-child.ts';
import type { PostgresAddress } from './durable-postgres.ts';
import { SOURCE, TENANT } from './names.ts';

const STOP_GRACE_MS = 10_000;

/** Where the runner's jobs come from, and the token that they are given for. */
export interface JobOrigin {
  readonly url: string;
  readonly token: string;
}

/** What the runner's configuration says apart from the local stack's; its own defaults where it says nothing. */
export interface RunnerSettings {
  readonly lanes?: number;
  readonly connections?: number;
}

/** The runner as it is shipped, as a process of its own. */
export interface RunnerProcess {
  readonly pid: number;
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

/** Starts it and waits until it claims. */
export async function startRunner(
  { url, token }: JobOrigin,
  { url: databaseUrl }: PostgresAddress,
  settings: RunnerSettings = {},
): Promise<RunnerProcess> {
  await buildRunner();
  const folder = await mkdtemp(join(tmpdir(), 'countersign-bench-runner-'));
  const configPath = join(folder, 'runner.json');
  await writeFile(configPath, JSON.stringify(configOf(url, settings)));
  const processes = new Processes({ logFolder: folder, stopGraceMs: STOP_GRACE_MS });
  const runner = await processes.start(runnerChild({ configPath, token, databaseUrl }));
  const { pid, stdout } = runner.process;
  if (pid === undefined || stdout === null) throw new TypeError('the runner has no pid or no stdout');
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
    pid,
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

function configOf(url: string, { lanes, connections }: RunnerSettings) {
  const { sources, ...config } = runnerConfig({ url, projectId: TENANT, sourceId: SOURCE });
  return {
    ...config,
    ...(lanes === undefined ? {} : { lanes }),
    sources: Object.fromEntries(
      Object.entries(sources).map(([id, source]) => [
        id,
        connections === undefined ? source : { ...source, connections },
      ]),
    ),
  };
}
