import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { adoptTenantStatement } from '@countersign/provisioner/adopt-tenant';
import { bundleGateway, bundleProvisioner } from '@countersign/serve/bundle-gateway';
import { snapshotFolder } from '@countersign/serve/snapshot-folder';
import { type Plane, type PlaneOptions, startPlane } from '@countersign/serve/start-plane';
import { memoryFolder } from '../../../support/memory-folder.ts';
import { newSnapshotKey } from '../../../support/snapshot-keys.ts';
import type { TestIssuer } from '../../../support/test-issuer.ts';
import { MAC_KEY } from '../../stop/stage/drill-tenant.ts';

/** Nothing is done by the clock: the drill says when. */
const BACKUPS = { every_hours: null, prove_every_hours: null, keep: { count: 10, days: 0 } };

/** A plane at an address that stays, of which everything can be lost but the folder of its snapshots and its keys. */
export class LosablePlane {
  readonly #options: PlaneOptions;
  readonly #persist: string;
  readonly #folder: string;
  #plane: Plane;

  private constructor(plane: Plane, options: PlaneOptions, persist: string, folder: string) {
    this.#plane = plane;
    this.#options = options;
    this.#persist = persist;
    this.#folder = folder;
  }

  static async start(issuer: TestIssuer): Promise<LosablePlane> {
    const folder = await mkdtemp(join(memoryFolder(), 'countersign-recovery-'));
    const snapshots = join(folder, 'snapshots');
    await mkdir(snapshots);
    const persist = join(folder, 'plane');
    const [code, provisioner] = await Promise.all([bundleGateway(), bundleProvisioner()]);
    const options: PlaneOptions = {
      code,
      port: 0,
      persist,
      issuers: [issuer.settings],
      macKeys: [MAC_KEY],
      provisioner: {
        code: provisioner,
        settings: {
          SNAPSHOT_KEYS: JSON.stringify([newSnapshotKey('of the drill')]),
          BACKUPS: JSON.stringify(BACKUPS),
        },
        snapshots: snapshotFolder(snapshots),
      },
    };
    const plane = await startPlane(options);
    const port = Number(new URL(plane.url).port);
    return new LosablePlane(plane, { ...options, port }, persist, folder);
  }

  /** The folder of its snapshots. */
  get snapshots(): string {
    return join(this.#folder, 'snapshots');
  }

  /** The one that runs now. */
  get plane(): Plane {
    return this.#plane;
  }

  /** Ends it, and takes away all that it kept. */
  async lose(): Promise<void> {
    await this.#plane.stop();
    await rm(this.#persist, { recursive: true });
  }

  /** Starts with nothing. */
  async startEmpty(): Promise<void> {
    this.#plane = await startPlane(this.#options);
  }

  /** Makes room for a record, as an operator does who has its snapshot. */
  async adopt(tenant: string, owner: string): Promise<void> {
    const line = { tenant, label: tenant, owner, shard: 'DB', region: 'local', now: Date.now() };
    const { params, sql } = adoptTenantStatement(line);
    await this.#plane.query(sql, ...params);
  }

  async stop(): Promise<void> {
    await this.#plane.stop();
    await rm(this.#folder, { recursive: true, force: true });
  }
}
