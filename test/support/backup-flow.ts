import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { BackupsView, SnapshotView, WorkView } from '@countersign/protocol/backup/backup-requests';
import { signedManifestSchema } from '@countersign/protocol/backup/snapshot-manifest';
import { type SnapshotVerdict, verifySnapshot } from '@countersign/protocol/backup/verify-snapshot';
import { snapshotFolder } from '@countersign/serve/snapshot-folder';
import { proposal } from './change-set.ts';
import { eventually } from './eventually.ts';
import { leaseJob, queueJob, report } from './flow.ts';
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

/** A tenant of whom a copy has something of everything: a job that is done, one that waits, a proposal under a key. */
export async function busyTenant(plane: TestPlane): Promise<TestTenant> {
  const tenant = await plane.tenant();
  must(await report(tenant.runner, await leaseJob(tenant)));
  await queueJob(tenant);
  must(await tenant.service.post('/v1/proposals', proposal(), { headers: { 'idempotency-key': 'k-1' } }));
  return tenant;
}

/** What the directory says of a tenant; undefined: it is gone. */
export async function lineOf({ query }: Pick<TestPlane, 'query'>, { project }: TestTenant) {
  const [line] = await query<{ label: string; status: string }>(
    'SELECT label, status FROM tenants WHERE tenant = ?1',
    project,
  );
  return line;
}

/** Tables of the record that have something of a tenant. */
export async function tablesWith(
  { query }: Pick<TestPlane, 'query'>,
  { project }: TestTenant,
): Promise<string[]> {
  const tables = await query<{ name: string }>(
    "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE '\\_%' ESCAPE '\\' AND name NOT IN ('d1_migrations', 'stale_writer', 'shards', 'sqlite_sequence')",
  );
  const found = await Promise.all(
    tables.map(async ({ name }) => {
      const [row] = await query(`SELECT 1 FROM ${name} WHERE tenant = ?1 LIMIT 1`, project);
      return row === undefined ? [] : [name];
    }),
  );
  return found.flat();
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
