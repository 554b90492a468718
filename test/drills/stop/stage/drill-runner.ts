import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { buildRunner } from '@countersign/runner/build';
import { type Mutation, mutated } from '../../../mutations/mutation.ts';
import { RunnerProcess } from '../../../support/runner-process.ts';
import type { TestTenant } from '../../../support/tenant.ts';
import type { DrillJob } from './drill-jobs.ts';
import { TENANT } from './drill-shop.ts';

export const RUNNER_ID = 'runner-of-the-drill';
/** The most that a runner's configuration takes: what it is to hold of one source at once. */
const LANES = 50;
/** So few that most jobs wait for one when the stop comes. */
const CONNECTIONS = 2;
/** A write takes less on purpose; and so long after the limit the last commit can be. */
export const STATEMENT_TIMEOUT_MS = 3_000;

/** The runner that writes whether it still may or not. */
const UNGUARDED: Mutation = {
  file: 'the built runner',
  find: '!this.wasRefused && lapseOf(this.#terms, this.#context.clock.latestMs()) === void 0',
  replace: '!this.wasRefused',
};

export interface DrillRunnerOptions {
  readonly folder: string;
  readonly jobs: readonly DrillJob[];
  readonly isUnguarded: boolean;
  readonly tenant: TestTenant;
  readonly planeUrl: string;
  readonly shopUrl: string;
}

/** Starts the runner as it is shipped, with each source of the jobs, all of them one database. */
export async function startDrillRunner(options: DrillRunnerOptions): Promise<RunnerProcess> {
  const { folder, isUnguarded, shopUrl, tenant } = options;
  const bundle = await buildRunner({ outDir: folder });
  if (isUnguarded) await writeFile(bundle, mutated(UNGUARDED, await readFile(bundle, 'utf8')));
  const path = join(folder, 'runner.json');
  await writeFile(path, JSON.stringify(configOf(options)));
  const environment = { TOKEN: tenant.runner.token, SHOP_URL: shopUrl };
  return new RunnerProcess(bundle, ['start', '--config', path], environment);
}

function configOf({ jobs, planeUrl, tenant }: DrillRunnerOptions): object {
  const source = {
    engine: 'postgres',
    database_url: { env: 'SHOP_URL' },
    connections: CONNECTIONS,
    statement_timeout_ms: STATEMENT_TIMEOUT_MS,
    tables: {
      'public.invoices': {
        primary_key: 'id',
        tenant: { column: 'tenant_id', values: [TENANT] },
        version: { column: 'version', advance: 'integer' },
        columns: [...new Set(jobs.map(({ column }) => column))],
      },
    },
  };
  return {
    control_plane: { url: planeUrl, token: { env: 'TOKEN' }, project_id: tenant.project },
    runner_id: RUNNER_ID,
    lanes: LANES,
    sources: Object.fromEntries(jobs.map((job) => [job.source, source])),
  };
}
