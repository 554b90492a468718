import { appendFile, mkdtemp, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { knownMigrations } from '@countersign/protocol/known-migrations';
import { releaseOfSchema } from '@countersign/protocol/schema-release';
import { memoryFolder } from '../../../support/memory-folder.ts';
import { freePort } from '../../../support/server-binaries/guarded-process.ts';
import type { TestTenant } from '../../../support/tenant.ts';
import { TestIssuers } from '../../../support/test-issuer.ts';
import type { DrillJob } from '../../stop/stage/drill-jobs.ts';
import { DrillShop } from '../../stop/stage/drill-shop.ts';
import type { Mark, Release } from '../facts.ts';
import type { UpgradeDrillOptions } from '../options.ts';
import { drilledJobs } from '../past/drilled-jobs.ts';
import { writeFiles } from '../past/frozen-files.ts';
import { type FrozenManifest, frozenFiles, readManifest } from '../past/frozen-release.ts';
import { buildRelease, type InstalledRelease, installed, newestMigrationIn } from '../past/release-builds.ts';
import { readMark } from './marks.ts';
import { Seat } from './seat.ts';
import { clientsOf } from './tenants.ts';
import { UpgradedRunner } from './upgraded-runner.ts';

const MEMBERS = 'members';
/** Far more than can be written while the drill goes on. */
const ROWS = 20_000;

/** An entry of each ledger that is no more as it was hashed. */
const BREAKING = '--> statement-breakpoint\nUPDATE ledger SET at = at + 1 WHERE seq = 2;\n';

type Parts = Pick<UpgradeStage, 'drilled' | 'others' | 'shop' | 'seat' | 'jobs' | 'runners' | 'manifest'> & {
  readonly folder: string;
  readonly issuers: TestIssuers;
  readonly releases: Readonly<Record<Release, InstalledRelease>>;
};

/** Everything real: two releases as they are installed, the frozen store, the database, and runners of both. */
export class UpgradeStage {
  readonly manifest: FrozenManifest;
  readonly drilled: TestTenant;
  readonly others: readonly TestTenant[];
  readonly shop: DrillShop;
  readonly seat: Seat;
  /** Of the drilled tenant; those that were approved when it was frozen come first. */
  readonly jobs: readonly DrillJob[];
  readonly runners: readonly UpgradedRunner[];
  readonly #parts: Parts;
  #serving: Release | undefined;

  private constructor(parts: Parts) {
    this.#parts = parts;
    this.manifest = parts.manifest;
    this.drilled = parts.drilled;
    this.others = parts.others;
    this.shop = parts.shop;
    this.seat = parts.seat;
    this.jobs = parts.jobs;
    this.runners = parts.runners;
  }

  /** Nothing is served yet. */
  static async start({ isBreaking }: UpgradeDrillOptions): Promise<UpgradeStage> {
    const manifest = await readManifest();
    const folder = await mkdtemp(join(memoryFolder(), 'countersign-upgrade-'));
    const place = join(folder, 'seat');
    await writeFiles(place, await frozenFiles(manifest, 'store'));
    await writeFiles(join(folder, 'previous'), await frozenFiles(manifest, 'build'));
    const jobs = drilledJobs(ROWS);
    const [previous, next, issuers, shop, port] = await Promise.all([
      installed(join(folder, 'previous')),
      buildRelease(join(folder, 'next')),
      TestIssuers.start([MEMBERS], manifest.issuers_at),
      DrillShop.open(jobs, 0),
      freePort(),
    ]);
    if (isBreaking) await appendFile(newestMigrationIn(join(folder, 'next')), BREAKING);
    const issuer = issuers.get(MEMBERS);
    const seat = await Seat.configure({
      folder: place,
      port,
      issuer,
      macKey: manifest.mac_key,
      snapshotKeys: manifest.snapshot_keys,
    });
    const [drilled, ...others] = await Promise.all(
      [manifest.drilled, ...manifest.others].map((one) => clientsOf(seat.origin, one, issuer)),
    );
    if (drilled === undefined) throw new TypeError('there is no tenant');
    const shared = { folder, jobs, planeUrl: seat.origin, project: drilled.project, shopUrl: shop.url };
    const runners = [
      new UpgradedRunner({ ...shared, runnerId: 'runner-a', client: drilled.runner }),
      new UpgradedRunner({ ...shared, runnerId: 'runner-b', client: drilled.otherRunner }),
    ];
    const releases = { previous, next };
    return new UpgradeStage({
      ...{ drilled, folder, issuers, jobs, manifest, others, releases, runners, seat, shop },
    });
  }

  get tenants(): readonly TestTenant[] {
    return [this.drilled, ...this.others];
  }

  get isMigrating(): boolean {
    return this.manifest.release < releaseOfSchema(knownMigrations);
  }

  /** The command line of a release. */
  program(release: Release): string {
    return this.#parts.releases[release].countersign;
  }

  /** The runner of a release. */
  runnerOf(release: Release): string {
    return this.#parts.releases[release].runner;
  }

  /** Serves the store, as somebody does who has installed that release; what it says. */
  async serve(release: Release): Promise<string> {
    const { out } = await this.seat.run(this.program(release), 'serve', '--daemon');
    this.#serving = release;
    return out;
  }

  /** Stops what serves, and reads the record as it lies then. */
  async stopServing(when: string): Promise<Mark> {
    if (this.#serving !== undefined) await this.seat.run(this.program(this.#serving), 'serve', '--stop');
    this.#serving = undefined;
    return readMark(when, join(this.seat.store, 'plane'));
  }

  async stop(): Promise<void> {
    const { folder, issuers } = this.#parts;
    await Promise.all(this.runners.map((runner) => runner.end('SIGKILL')));
    if (this.#serving !== undefined)
      await Promise.allSettled([this.seat.run(this.program(this.#serving), 'serve', '--stop')]);
    await Promise.allSettled([this.shop.stop(), issuers.stop()]);
    await rm(folder, { recursive: true, force: true });
  }
}
