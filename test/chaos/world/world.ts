import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { bundleGateway } from '@countersign/serve/bundle-gateway';
import { type TestEngine, testEngines } from '../../support/engines.ts';
import { memoryFolder } from '../../support/memory-folder.ts';
import type { TestTenant } from '../../support/tenant.ts';
import { TestIssuers } from '../../support/test-issuer.ts';
import type { RunnerLine } from '../checks/runners-sound.ts';
import type { CampaignOptions } from '../options.ts';
import { ChaosPlane } from './chaos-plane.ts';
import { ChaosProxy } from './chaos-proxy.ts';
import { buildChaosRunner } from './chaos-runner-bundle.ts';
import { createChaosTenant } from './chaos-tenant.ts';
import { CommitCuts } from './commit-cuts.ts';
import { MysqlWatch } from './mysql-watch.ts';
import { PostgresWatch } from './postgres-watch.ts';
import { RunnerUnit } from './runner-unit.ts';
import { Shop } from './shop.ts';

const MEMBERS = 'members';
const ROWS = 24;

/** A runner and its own lines to everything. */
export interface RunnerPost {
  readonly unit: RunnerUnit;
  readonly toPlane: ChaosProxy;
  readonly toDatabases: ReadonlyMap<string, ChaosProxy>;
}

type WorldParts = Pick<World, 'folder' | 'plane' | 'tenant' | 'shops' | 'cuts' | 'posts'>;

/** Everything real: the control plane, its tenant's databases, and the runners between them. */
export class World {
  /** Where logs and what is left of a campaign lie. */
  readonly folder: string;
  readonly plane: ChaosPlane;
  readonly tenant: TestTenant;
  readonly shops: readonly Shop[];
  readonly cuts: ReadonlyMap<string, CommitCuts>;
  readonly posts: readonly RunnerPost[];
  readonly #issuers: TestIssuers;

  private constructor(parts: WorldParts, issuers: TestIssuers) {
    this.folder = parts.folder;
    this.plane = parts.plane;
    this.tenant = parts.tenant;
    this.shops = parts.shops;
    this.cuts = parts.cuts;
    this.posts = parts.posts;
    this.#issuers = issuers;
  }

  static async start(options: CampaignOptions): Promise<World> {
    const folder = await mkdtemp(join(memoryFolder(), 'countersign-chaos-'));
    const [bundle, code, issuers, shops] = await Promise.all([
      buildChaosRunner(folder, options.leaseSeconds, options.mutation),
      bundleGateway(),
      TestIssuers.start([MEMBERS]),
      openShops(options.databases),
    ]);
    const issuer = issuers.get(MEMBERS);
    const persist = join(folder, 'plane');
    await mkdir(persist);
    const plane = await ChaosPlane.start({
      code,
      issuers: [issuer.settings],
      persist,
      logPath: join(folder, 'plane.log'),
    });
    const tenant = await createChaosTenant(plane, issuer, shops);
    const cuts = new Map(shops.map(({ name }) => [name, new CommitCuts()]));
    const posts: RunnerPost[] = [];
    for (let number = 1; number <= options.runners; number += 1) {
      posts.push(await openPost(`runner-${number}`, { folder, bundle, plane, tenant, shops, cuts }));
    }
    for (const { unit } of posts) unit.start();
    return new World({ folder, plane, tenant, shops, cuts, posts }, issuers);
  }

  /** All that the runners ever logged. */
  async runnerLines(): Promise<readonly RunnerLine[]> {
    const texts = await Promise.all(
      this.posts.map(({ unit }) => readFile(logPathOf(this.folder, unit.id), 'utf8').catch(() => '')),
    );
    return texts.flatMap((text) =>
      text
        .split('\n')
        .map(parsed)
        .filter((line) => line !== undefined),
    );
  }

  /** Ends every process; the folder stays. */
  async stop(): Promise<void> {
    await Promise.allSettled(this.posts.map(({ unit }) => unit.stop('SIGKILL')));
    await Promise.allSettled([
      ...this.posts.flatMap(({ toDatabases, toPlane }) =>
        [toPlane, ...toDatabases.values()].map((proxy) => proxy.stop()),
      ),
      ...this.shops.map(({ server }) => server.stop()),
      this.plane.stop(),
      this.#issuers.stop(),
    ]);
  }

  /** Removes the folder: nothing in it is worth a look. */
  async forget(): Promise<void> {
    await rm(this.folder, { recursive: true, force: true });
  }
}

async function openShops(wanted: readonly string[] | undefined): Promise<Shop[]> {
  const engines = await testEngines();
  const unknown = wanted?.filter((name) => !engines.some((engine) => nameOf(engine) === name)) ?? [];
  if (unknown.length > 0) throw new Error(`not to be had here: ${unknown.join(', ')}`);
  const chosen = engines.filter((engine) => wanted?.includes(nameOf(engine)) ?? true);
  return Promise.all(chosen.map(async (engine) => Shop.open(nameOf(engine), await engine.start(), ROWS)));
}

function nameOf({ engine, name }: TestEngine): string {
  return engine === 'postgres' ? 'postgres' : (name.split(' ')[0] ?? name).toLowerCase();
}

interface PostParts extends Pick<World, 'folder' | 'plane' | 'tenant' | 'shops' | 'cuts'> {
  readonly bundle: string;
}

async function openPost(
  id: string,
  { folder, bundle, plane, tenant, shops, cuts }: PostParts,
): Promise<RunnerPost> {
  const toPlane = await ChaosProxy.start({ port: plane.port });
  const toDatabases = new Map<string, ChaosProxy>();
  const environment: Record<string, string> = { TOKEN: tenant.runner.token };
  for (const shop of shops) {
    const ordered = cuts.get(shop.name);
    const proxy = await ChaosProxy.start({
      port: shop.server.port,
      watch: () => (shop.engine === 'mysql' ? new MysqlWatch() : new PostgresWatch()),
      cutCommit: () => ordered?.next(),
      onCommitCut: (how) => ordered?.happened(how),
    });
    toDatabases.set(shop.name, proxy);
    environment[variableOf(shop)] = shop.url(proxy.port);
  }
  const configPath = join(folder, `${id}.json`);
  const config = {
    control_plane: {
      url: `http://127.0.0.1:${toPlane.port}`,
      token: { env: 'TOKEN' },
      project_id: tenant.project,
    },
    runner_id: id,
    sources: Object.fromEntries(shops.map((shop) => [shop.sourceId, shop.source({ env: variableOf(shop) })])),
  };
  await writeFile(configPath, JSON.stringify(config));
  const unit = new RunnerUnit({ id, bundle, configPath, environment, logPath: logPathOf(folder, id) });
  return { unit, toPlane, toDatabases };
}

function variableOf({ name }: Shop): string {
  return `URL_${name.toUpperCase()}`;
}

function logPathOf(folder: string, id: string): string {
  return join(folder, `${id}.log`);
}

/** A process that is killed may leave half a line. */
function parsed(line: string): RunnerLine | undefined {
  try {
    const value: unknown = JSON.parse(line);
    return typeof value === 'object' && value !== null ? { ...value } : undefined;
  } catch {
    return undefined;
  }
}
