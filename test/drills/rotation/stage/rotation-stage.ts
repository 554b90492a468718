import { mkdir, mkdtemp, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { memoryFolder } from '../../../support/memory-folder.ts';
import type { RunnerProcess } from '../../../support/runner-process.ts';
import { ServedPlane } from '../../../support/served-plane.ts';
import type { TestTenant } from '../../../support/tenant.ts';
import { type DrillJob, drillJobs } from '../../stop/stage/drill-jobs.ts';
import { startDrillRunner } from '../../stop/stage/drill-runner.ts';
import { DrillShop } from '../../stop/stage/drill-shop.ts';
import { governDrill, withSourcesOf } from '../../stop/stage/drill-tenant.ts';
import type { RotationDrillOptions } from '../options.ts';
import { Commands } from './commands.ts';

/** Nothing is done by the clock: the drill says when. */
const BACKUPS = { folder: 'snapshots', every_hours: null, prove_every_hours: null };

/** A plane that is served by the built command line, a PostgreSQL, and the built runner between them. */
export class RotationStage {
  readonly served: ServedPlane;
  readonly shop: DrillShop;
  readonly tenant: TestTenant;
  readonly jobs: readonly DrillJob[];
  readonly commands: Commands;
  readonly #folder: string;
  #runner: RunnerProcess | undefined;

  private constructor(
    parts: Pick<RotationStage, 'served' | 'shop' | 'tenant' | 'jobs' | 'commands'>,
    folder: string,
  ) {
    this.served = parts.served;
    this.shop = parts.shop;
    this.tenant = parts.tenant;
    this.jobs = parts.jobs;
    this.commands = parts.commands;
    this.#folder = folder;
  }

  static async start({ jobs: perSource, sources }: RotationDrillOptions): Promise<RotationStage> {
    const jobs = drillJobs({ sources, jobs: perSource, isUnguarded: false });
    const served = await ServedPlane.configure({ backups: BACKUPS });
    await mkdir(join(served.folder, 'snapshots'));
    const [tenant, shop, folder] = await Promise.all([
      served.addTenant(withSourcesOf(jobs)),
      DrillShop.open(jobs, 0),
      mkdtemp(join(memoryFolder(), 'countersign-rotation-')),
    ]);
    const commands = await Commands.prepare(served.folder, served.program);
    await commands.well('countersign serve --daemon');
    await governDrill(tenant, jobs);
    return new RotationStage({ served, shop, tenant, jobs, commands }, folder);
  }

  /** Where a credential's new token is saved by a command. */
  at(name: string): string {
    return join(this.#folder, name);
  }

  async startRunner(token: string): Promise<void> {
    this.#runner = await startDrillRunner({
      folder: this.#folder,
      isUnguarded: false,
      jobs: this.jobs,
      planeUrl: this.served.origin,
      shopUrl: this.shop.url,
      tenant: { ...this.tenant, runner: this.tenant.bearing(token) },
    });
  }

  /** Lets it finish what it has. */
  async stopRunner(): Promise<void> {
    this.#runner?.process.kill('SIGTERM');
    await this.#runner?.exit();
    this.#runner = undefined;
  }

  /** What the plane logged. */
  log(): Promise<string> {
    return readFile(join(this.served.store, 'serve.log'), 'utf8');
  }

  async stop(): Promise<void> {
    this.#runner?.process.kill('SIGKILL');
    await this.#runner?.exit();
    await Promise.allSettled([this.served.remove(), this.shop.stop()]);
    await rm(this.#folder, { recursive: true, force: true });
  }
}
