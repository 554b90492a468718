import { mkdtemp, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { bundleGateway } from '@countersign/serve/bundle-gateway';
import { type Plane, startPlane } from '@countersign/serve/start-plane';
import { memoryFolder } from '../../../support/memory-folder.ts';
import type { RunnerProcess } from '../../../support/runner-process.ts';
import { TcpProxy } from '../../../support/tcp-proxy.ts';
import type { TestTenant } from '../../../support/tenant.ts';
import { TestIssuers } from '../../../support/test-issuer.ts';
import type { StopDrillOptions } from '../options.ts';
import { type DrillJob, drillJobs, lateJobOf } from './drill-jobs.ts';
import { startDrillRunner } from './drill-runner.ts';
import { DrillShop } from './drill-shop.ts';
import { createDrillTenant, MAC_KEY } from './drill-tenant.ts';
import { PlaneRecord } from './plane-record.ts';

const MEMBERS = 'members';
const HOST = '127.0.0.1';
/** Longer than any delay of a machine that has other things to do, and within the time that a statement may take. */
const WRITE_SECONDS = 2;

type StageParts = Pick<Stage, 'tenant' | 'shop' | 'toPlane' | 'jobs' | 'lateJob'> & {
  readonly folder: string;
  readonly issuers: TestIssuers;
  readonly plane: Plane;
};

/** Everything real: the plane, the database, and between them the runner, on a line to the plane that can be cut. */
export class Stage {
  readonly tenant: TestTenant;
  readonly shop: DrillShop;
  readonly record: PlaneRecord;
  readonly toPlane: TcpProxy;
  /** What is approved before the runner starts. */
  readonly jobs: readonly DrillJob[];
  /** What is approved under the stop. */
  readonly lateJob: DrillJob;
  readonly #parts: StageParts;
  #runner: RunnerProcess | undefined;

  private constructor(parts: StageParts) {
    this.#parts = parts;
    this.tenant = parts.tenant;
    this.shop = parts.shop;
    this.record = new PlaneRecord(parts.plane, parts.tenant.project);
    this.toPlane = parts.toPlane;
    this.jobs = parts.jobs;
    this.lateJob = parts.lateJob;
  }

  static async start(options: StopDrillOptions): Promise<Stage> {
    const jobs = drillJobs(options);
    const lateJob = lateJobOf(options);
    const all = [...jobs, lateJob];
    const folder = await mkdtemp(join(memoryFolder(), 'countersign-drill-'));
    const [code, issuers, shop] = await Promise.all([
      bundleGateway(),
      TestIssuers.start([MEMBERS]),
      DrillShop.open(all, WRITE_SECONDS),
    ]);
    const issuer = issuers.get(MEMBERS);
    const plane = await startPlane({
      code,
      port: 0,
      persist: undefined,
      issuers: [issuer.settings],
      macKeys: [MAC_KEY],
    });
    const toPlane = await TcpProxy.start({ host: HOST, port: Number(new URL(plane.url).port) });
    const tenant = await createDrillTenant(plane, issuer, all);
    return new Stage({ folder, issuers, plane, tenant, shop, toPlane, jobs, lateJob });
  }

  async startRunner(isUnguarded: boolean): Promise<void> {
    const { folder, jobs, shop, tenant, toPlane } = this.#parts;
    const planeUrl = `http://${HOST}:${toPlane.port}`;
    this.#runner = await startDrillRunner({ folder, isUnguarded, jobs, planeUrl, shopUrl: shop.url, tenant });
  }

  async stop(): Promise<void> {
    const { folder, issuers, plane, shop, toPlane } = this.#parts;
    this.#runner?.process.kill('SIGKILL');
    await this.#runner?.exit();
    await Promise.allSettled([toPlane.stop(), shop.stop(), plane.stop(), issuers.stop()]);
    await rm(folder, { recursive: true, force: true });
  }
}
