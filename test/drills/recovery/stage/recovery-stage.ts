import { mkdtemp, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { memoryFolder } from '../../../support/memory-folder.ts';
import type { RunnerProcess } from '../../../support/runner-process.ts';
import type { TestTenant } from '../../../support/tenant.ts';
import { type TestIssuer, TestIssuers } from '../../../support/test-issuer.ts';
import { type DrillJob, drillJobs } from '../../stop/stage/drill-jobs.ts';
import { startDrillRunner } from '../../stop/stage/drill-runner.ts';
import { DrillShop } from '../../stop/stage/drill-shop.ts';
import { createDrillTenant } from '../../stop/stage/drill-tenant.ts';
import type { RecoveryDrillOptions } from '../options.ts';
import { LosablePlane } from './losable-plane.ts';

const MEMBERS = 'members';

/** Changes by when they are made and applied. */
export interface StagedJobs {
  readonly before: readonly DrillJob[];
  readonly between: readonly DrillJob[];
  readonly lost: readonly DrillJob[];
}

/** Everything real: the plane, the database, and the runner between them. */
export class RecoveryStage {
  readonly losable: LosablePlane;
  readonly shop: DrillShop;
  readonly issuer: TestIssuer;
  /** Whose changes are written. */
  readonly tenant: TestTenant;
  readonly others: readonly TestTenant[];
  readonly jobs: StagedJobs;
  readonly #issuers: TestIssuers;
  readonly #folder: string;
  #runner: RunnerProcess | undefined;

  private constructor(
    parts: Pick<RecoveryStage, 'losable' | 'shop' | 'issuer' | 'tenant' | 'others' | 'jobs'>,
    issuers: TestIssuers,
    folder: string,
  ) {
    this.losable = parts.losable;
    this.shop = parts.shop;
    this.issuer = parts.issuer;
    this.tenant = parts.tenant;
    this.others = parts.others;
    this.jobs = parts.jobs;
    this.#issuers = issuers;
    this.#folder = folder;
  }

  static async start({ changes, others: count }: RecoveryDrillOptions): Promise<RecoveryStage> {
    const all = drillJobs({ sources: 3, jobs: changes, isUnguarded: false });
    const [before, between, lost] = [0, 1, 2].map((at) => all.slice(at * changes, (at + 1) * changes));
    if (before === undefined || between === undefined || lost === undefined)
      throw new TypeError('there are no changes');
    const issuers = await TestIssuers.start([MEMBERS]);
    const issuer = issuers.get(MEMBERS);
    const [losable, shop] = await Promise.all([LosablePlane.start(issuer), DrillShop.open(all, 0)]);
    const tenant = await createDrillTenant(losable.plane, issuer, all);
    const others: TestTenant[] = [];
    while (others.length < count) others.push(await createDrillTenant(losable.plane, issuer, lost));
    const folder = await mkdtemp(join(memoryFolder(), 'countersign-drill-'));
    const jobs = { before, between, lost };
    return new RecoveryStage({ losable, shop, issuer, tenant, others, jobs }, issuers, folder);
  }

  get tenants(): readonly TestTenant[] {
    return [this.tenant, ...this.others];
  }

  async startRunner(): Promise<void> {
    const { before, between, lost } = this.jobs;
    this.#runner = await startDrillRunner({
      folder: this.#folder,
      isUnguarded: false,
      jobs: [...before, ...between, ...lost],
      planeUrl: this.losable.plane.url,
      shopUrl: this.shop.url,
      tenant: this.tenant,
    });
  }

  async stopRunner(): Promise<void> {
    this.#runner?.process.kill('SIGKILL');
    await this.#runner?.exit();
    this.#runner = undefined;
  }

  async stop(): Promise<void> {
    await this.stopRunner();
    await Promise.allSettled([this.losable.stop(), this.shop.stop(), this.#issuers.stop()]);
    await rm(this.#folder, { recursive: true, force: true });
  }
}
