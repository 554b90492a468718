import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { BackupsView, SnapshotView, WorkView } from '@countersign/protocol/backup/backup-requests';
import { signedManifestSchema } from '@countersign/protocol/backup/snapshot-manifest';
import { type SnapshotVerdict, verifySnapshot } from '@countersign/protocol/backup/verify-snapshot';
import { snapshotFolder } from '@countersign/serve/snapshot-folder';
import { eventually } from './eventually.ts';
import { must } from './must.ts';
import { startTestPlane, type TestPlane } from './plane.ts';
import { runFolder } from './run-folder.ts';
import { newSnapshotKey } from './snapshot-keys.ts';
import type { TestTenant } from './tenant.ts';

const LONGEST_WORK_MS = 60_000;

/** A plane whose snapshots lie in a folder that a test can look into. */
export class BackupPlane {
  readonly plane: TestPlane;
  readonly folder: string;

  private constructor(plane: TestPlane, folder: string) {
    this.plane = plane;
    this.folder = folder;
  }

  /** Nothing is done by the clock, and the two newest snapshots are kept. */
  static async start(): Promise<BackupPlane> {
    const folder = await mkdtemp(join(runFolder(), 'snapshots-'));
    const backups = { every_hours: null, prove_every_hours: null, keep: { count: 2, days: 0 } };
    const plane = await startTestPlane({
      provisioner: {
        SNAPSHOT_KEYS: JSON.stringify([newSnapshotKey('first')]),
        BACKUPS: JSON.stringify(backups),
      },
      snapshots: snapshotFolder(folder),
    });
    return new BackupPlane(plane, folder);
  }

  async stop(): Promise<void> {
    await this.plane.stop();
    await rm(this.folder, { recursive: true, force: true });
  }

  pathOf({ project }: TestTenant, snapshotId: string, file = ''): string {
    return join(this.folder, project, snapshotId, file);
  }

  filesOf(tenant: TestTenant, snapshotId: string): Promise<string[]> {
    return readdir(this.pathOf(tenant, snapshotId));
  }

  /** What anybody can say of a snapshot who has its files and the public keys. */
  async verdictOf(tenant: TestTenant, snapshotId: string): Promise<SnapshotVerdict> {
    const { keys } = await backups(tenant);
    const manifest = await readFile(this.pathOf(tenant, snapshotId, 'manifest.json'), 'utf8');
    const read = (file: string) => readFile(this.pathOf(tenant, snapshotId, file)).catch(() => undefined);
    return verifySnapshot(signedManifestSchema.parse(JSON.parse(manifest)), read, keys);
  }

  /** Every row that the tenant has in a table, in the order of its key. */
  async rows(tenant: TestTenant, table: string): Promise<readonly Readonly<Record<string, unknown>>[]> {
    return this.plane.query(`SELECT * FROM ${table} WHERE tenant = ?1 ORDER BY 1, 2, 3`, tenant.project);
  }
}

export async function backups({ olivia }: TestTenant): Promise<BackupsView> {
  // The route answers in this form.
  return Object(must(await olivia.get('/v1/backups')).body) as BackupsView;
}

/** Asks for some work on copies, and waits until it is over; how it ended. */
export async function work(tenant: TestTenant, path: string, body: object = {}): Promise<WorkView> {
  const begun = must(await tenant.olivia.post(path, body)).body;
  const { work: all } = await eventually(
    () => backups(tenant),
    (view) => view.work.some(({ state, work_id }) => work_id === begun.work_id && state !== 'going'),
    LONGEST_WORK_MS,
  );
  const ended = all.find(({ work_id }) => work_id === begun.work_id);
  if (ended === undefined) throw new TypeError('the work is not in the list');
  return ended;
}

/** Takes a snapshot that is good; how the list shows it. */
export async function snapshot(tenant: TestTenant): Promise<SnapshotView> {
  const ended = await work(tenant, '/v1/backups');
  const found = (await backups(tenant)).snapshots.find(
    ({ snapshot_id }) => snapshot_id === ended.snapshot_id,
  );
  if (found?.state !== 'good') throw new Error(`the snapshot is not good: ${JSON.stringify(ended)}`);
  return found;
}
