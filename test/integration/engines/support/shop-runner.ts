import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Rehearsal } from '@countersign/protocol/rehearsal';
import type { PublicJob } from '@countersign/protocol/writeback-job';
import { sampleJob } from '@countersign/runner/verify/sample-job';
import type { FakeControlPlane } from '../../../support/fake-control-plane.ts';
import { builtRunner, builtRunnerWithFailpoints } from '../../../support/runner-builds.ts';
import { RunnerProcess } from '../../../support/runner-process.ts';
import type { ConnectOptions, Shop } from './use-shop.ts';

export interface RunnerOptions {
  readonly id?: string;
  readonly databaseUrl?: string;
  readonly planeUrl?: string;
  readonly lanes?: number;
  readonly rehearsals?: ConnectOptions['rehearsals'];
  readonly tables?: ConnectOptions['tables'];
  readonly mode?: 'dry_run';
  /** By which jobs may call the source, too. */
  readonly alias?: string;
  /** `<name>:<action>`; runs the build that has failpoints. */
  readonly failpoint?: string;
}

/** Runners as they are shipped, each a process of its own. */
export class ShopRunners {
  readonly #folder: string;
  readonly #bundle: string;
  readonly #failpointsBundle: string;
  readonly #running: RunnerProcess[] = [];

  private constructor(folder: string, bundle: string, failpointsBundle: string) {
    this.#folder = folder;
    this.#bundle = bundle;
    this.#failpointsBundle = failpointsBundle;
  }

  static async create(): Promise<ShopRunners> {
    const folder = await mkdtemp(join(tmpdir(), 'countersign-runner-'));
    return new ShopRunners(folder, await builtRunner(), await builtRunnerWithFailpoints());
  }

  async start(shop: Shop, plane: FakeControlPlane, options: RunnerOptions = {}): Promise<RunnerProcess> {
    const {
      id = 'runner-1',
      databaseUrl = shop.db.url,
      planeUrl = plane.url,
      lanes = 8,
      mode = 'write',
      failpoint,
    } = options;
    const path = join(this.#folder, `${id}.json`);
    // A write waits for its lock as long as a test on a busy machine takes to see it wait.
    const source = shop.config({
      lockTimeoutMs: 20_000,
      statementTimeoutMs: 25_000,
      ...(options.rehearsals && { rehearsals: options.rehearsals }),
      ...(options.tables && { tables: options.tables }),
    });
    const config = {
      control_plane: { url: planeUrl, token: { env: 'TOKEN' } },
      runner_id: id,
      lanes,
      mode,
      sources: { src_shop: { ...source, ...(options.alias && { alias: options.alias }) } },
    };
    await writeFile(path, JSON.stringify(config));
    const environment = { TOKEN: plane.token, SHOP_DATABASE_URL: databaseUrl };
    const args = ['start', '--config', path];
    const runner =
      failpoint === undefined
        ? new RunnerProcess(this.#bundle, args, environment)
        : new RunnerProcess(this.#failpointsBundle, args, {
            ...environment,
            COUNTERSIGN_FAILPOINT: failpoint,
          });
    this.#running.push(runner);
    return runner;
  }

  async kill(): Promise<void> {
    for (const { process } of this.#running) process.kill('SIGKILL');
    await Promise.all(this.#running.splice(0).map((runner) => runner.exit()));
  }

  async remove(): Promise<void> {
    await rm(this.#folder, { recursive: true, force: true });
  }
}

/** The approved change of the invoice that most tests are about. */
export function jobOf(shop: Shop, change: Partial<PublicJob> = {}): PublicJob {
  const [schema = '', table = ''] = shop.table('invoices').split('.');
  return {
    ...sampleJob,
    engine: shop.server.engine,
    target: { schema, table, primary_key: { column: 'id', value: 'INV-1' } },
    ...change,
  };
}

/** That change as it is proposed, and what is to be shown of it. */
export function rehearsalOf(
  shop: Shop,
  change: Partial<Omit<Rehearsal, 'expires_at'>> = {},
): Omit<Rehearsal, 'expires_at'> {
  const { engine, patch, target } = jobOf(shop);
  const { allowed_columns, proposal_id, tenant_guard } = sampleJob;
  return {
    ...{ allowed_columns, engine, patch, proposal_id },
    rehearsal_id: 'rhs_1',
    lease_id: 'lse_r1',
    source_id: 'src_shop',
    agent: 'ada',
    target: { ...target, tenant_guard },
    visible_columns: ['late_fee_cents', 'waiver_reason'],
    version_column: 'version',
    ...change,
  };
}
