import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { RunnerProcess } from '../../../support/runner-process.ts';
import type { Client } from '../../../support/tenant.ts';
import type { DrillJob } from '../../stop/stage/drill-jobs.ts';
import { TENANT } from '../../stop/stage/drill-shop.ts';

export interface RunnerSettings {
  readonly folder: string;
  readonly runnerId: string;
  readonly project: string;
  readonly client: Client;
  readonly planeUrl: string;
  readonly shopUrl: string;
  readonly jobs: readonly DrillJob[];
}

/** A runner under one name and one configuration, whatever build it is of. */
export class UpgradedRunner {
  readonly #settings: RunnerSettings;
  #process: RunnerProcess | undefined;

  constructor(settings: RunnerSettings) {
    this.#settings = settings;
  }

  /** @param bundle the build */
  async start(bundle: string): Promise<void> {
    const { client, folder, runnerId, shopUrl } = this.#settings;
    const path = join(folder, `${runnerId}.json`);
    await writeFile(path, JSON.stringify(configOf(this.#settings)));
    const environment = { TOKEN: client.token, SHOP_URL: shopUrl };
    this.#process = new RunnerProcess(bundle, ['start', '--config', path], environment);
  }

  /** What it ended with. */
  async end(signal: 'SIGTERM' | 'SIGKILL'): Promise<number | string> {
    this.#process?.process.kill(signal);
    const ended = await this.#process?.exit();
    this.#process = undefined;
    return ended ?? 'it did not run';
  }
}

function configOf({ jobs, planeUrl, project, runnerId }: RunnerSettings): object {
  const source = {
    engine: 'postgres',
    database_url: { env: 'SHOP_URL' },
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
    control_plane: { url: planeUrl, token: { env: 'TOKEN' }, project_id: project },
    runner_id: runnerId,
    sources: Object.fromEntries(jobs.map((job) => [job.source, source])),
  };
}
