import { access, mkdir, readdir, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { openStore } from '@countersign/serve/open-store';
import { storePaths } from '@countersign/serve/store-paths';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { eventually } from '../../support/eventually.ts';
import { leaseJob, propose, queueJob, report } from '../../support/flow.ts';
import { must } from '../../support/must.ts';
import { asCopied, type RowsByTable, recordRows } from '../../support/restored-rows.ts';
import { type Ended, ServedPlane } from '../../support/served-plane.ts';
import { newSnapshotKey } from '../../support/snapshot-keys.ts';
import type { TestTenant } from '../../support/tenant.ts';

/* Backups of a plane that is served, by its clock and by the command line, into a folder that outlives its store. */

// Each test starts several processes.
vi.setConfig({ testTimeout: 240_000, hookTimeout: 120_000 });

const LONGEST_WORK_MS = 150_000;

let served: ServedPlane;
let tenant: TestTenant;
let snapshots: string;

beforeAll(async () => {
  const backups = { folder: 'snapshots', every_hours: 24, prove_every_hours: null };
  served = await ServedPlane.configure({ backups, sign_up: 'anyone' });
  snapshots = join(served.folder, 'snapshots');
});
afterAll(() => served?.remove());

const owner = (...args: string[]) => served.runAs(tenant, tenant.olivia.token, 'backup', ...args);

async function listed() {
  return JSON.parse((await well(owner('list', '--json'))).out);
}

/** What must have ended well. */
async function well(running: Promise<Ended>): Promise<Ended> {
  const ran = await running;
  expect(ran).toMatchObject({ code: 0 });
  return ran;
}

/** The snapshots that lie in the folder whole. */
async function whole(): Promise<readonly string[]> {
  const found = await readdir(snapshots, { recursive: true });
  return found.filter((name) => name.endsWith('manifest.json')).map((name) => name.split('/')[1] ?? '');
}

test('a start is refused where the folder is not there, and makes nothing', async () => {
  const ran = await served.run('serve', '--daemon');
  expect(ran).toMatchObject({ code: 3, out: '' });
  expect(ran.err).toContain(`the backup destination ${snapshots} cannot be written (ENOENT)`);
  await expect(access(snapshots)).rejects.toMatchObject({ code: 'ENOENT' });
  await mkdir(snapshots);
});

test('a snapshot is taken by the clock, whoever made the tenant, and the banner says where it goes', async () => {
  tenant = await served.addTenant();
  expect((await well(served.run('serve', '--daemon'))).out).toContain(snapshots);
  await served.govern(tenant);
  must(await report(tenant.runner, await leaseJob(tenant)));
  await queueJob(tenant);
  const [taken] = await eventually(whole, (found) => found.length > 0, LONGEST_WORK_MS);
  const { snapshots: shown } = await listed();
  expect(shown).toMatchObject([{ snapshot_id: taken, reason: 'schedule', state: 'good' }]);
  expect(await served.status()).toMatchObject({ backup_destination: snapshots });
});

test('the command line takes, verifies, proves, fetches and lists', async () => {
  const created = await well(owner('create', '--wait', '--json'));
  const { snapshot_id } = JSON.parse(created.out);
  await well(owner('verify', snapshot_id));
  await well(owner('prove', '--wait'));
  expect((await well(owner('list'))).out.replaceAll(/\s+/g, ' ')).toMatch(
    new RegExp(`last proven restore \\d+s ago, of ${snapshot_id}, in \\d+s`),
  );
  const keys = join(served.folder, 'keys.json');
  const { out } = await well(owner('keys'));
  await writeFile(keys, out);
  const elsewhere = join(served.folder, 'elsewhere');
  await well(owner('fetch', snapshot_id, '--to', elsewhere, '--keys', keys));
  const folder = join(elsewhere, tenant.project, snapshot_id);
  await well(served.run('backup', 'verify', '--from', folder, '--keys', keys));
  await well(served.run('backup', 'verify', '--from', join(snapshots, tenant.project, snapshot_id)));
  expect(await well(owner('prune'))).toMatchObject({ out: 'nothing is beyond what is kept\n' });
  expect(await served.runAs(tenant, tenant.vera.token, 'backup', 'list')).toMatchObject({ code: 3, out: '' });
});

test('a snapshot that a crash broke off is finished by the next start', async () => {
  // In the way of its files, so that it stays under way.
  const own = join(snapshots, tenant.project);
  await rename(own, `${own}-aside`);
  await writeFile(own, '');
  const { out } = await well(owner('create', '--json'));
  const { snapshot_id, work_id } = JSON.parse(out);
  const [going] = (await eventually(listed, ({ work }) => work[0].trouble !== null, LONGEST_WORK_MS)).work;
  expect(going).toMatchObject({ work_id, state: 'going', trouble: 'fault' });
  const { plane, supervisor, workerd } = await served.processes();
  for (const pid of [workerd, plane, supervisor]) process.kill(pid, 'SIGKILL');
  await rm(own);
  await rename(`${own}-aside`, own);
  await well(served.run('serve', '--daemon'));
  await eventually(whole, (found) => found.includes(snapshot_id), LONGEST_WORK_MS);
  const { work } = await eventually(
    listed,
    ({ work: all }) => all.every(({ state }: { state: string }) => state !== 'going'),
    LONGEST_WORK_MS,
  );
  expect(work).toContainEqual(expect.objectContaining({ work_id, state: 'done' }));
  await well(served.run('backup', 'verify', '--from', join(own, snapshot_id)));
});

test('when all but what was fetched is lost, another plane with keys of its own brings every row back', async () => {
  const proposed = await propose(tenant.service);
  const { snapshot_id } = JSON.parse((await well(owner('create', '--wait', '--json'))).out);
  const shown: readonly { snapshot_id: string; head: { seq: number } }[] = (await listed()).snapshots;
  const through = shown.find((one) => one.snapshot_id === snapshot_id)?.head.seq ?? 0;
  const known = JSON.parse((await well(owner('keys'))).out);
  const elsewhere = join(served.folder, 'elsewhere');
  await well(owner('fetch', snapshot_id, '--to', elsewhere));
  await well(served.run('serve', '--stop'));
  const before = await rowsInStore();
  await rm(served.store, { recursive: true });
  await rm(snapshots, { recursive: true });
  await rename(elsewhere, snapshots);

  const refused = await served.run('serve', '--daemon');
  expect(refused).toMatchObject({ code: 3, err: expect.stringContaining('holds snapshots') });
  const keys = JSON.stringify([newSnapshotKey('of the other plane'), ...known.keys]);
  await writeFile(storePaths(served.store).snapshotKeys, keys, { mode: 0o600 });
  const person = served.issuers.get('members').personOf('olivia');
  const adopt = ['tenants', 'adopt', tenant.project, 'back-again', '--owner', person];
  await well(served.run(...adopt));
  expect(await served.run(...adopt)).toMatchObject({ code: 4, out: '' });
  await well(served.run('serve', '--daemon'));
  // Closed, and of nobody else.
  expect(await served.runAs(tenant, tenant.adam.token, 'backup', 'list')).toMatchObject({ code: 1, out: '' });
  const restored = await owner('restore', snapshot_id, '--reason', 'the disk is gone', '--yes');
  expect(restored).toMatchObject({ code: 0, out: expect.stringContaining('countersign fleet lift frz_') });

  must(await tenant.vera.get(`/v1/proposals/${proposed}`));
  await well(served.run('serve', '--stop'));
  expect(asCopied(await rowsInStore(), through)).toEqual(asCopied(before, through));
});

/** Every row of the tenant in the store, which nothing serves. */
async function rowsInStore(): Promise<RowsByTable> {
  const { close, database } = await openStore(storePaths(served.store).plane);
  try {
    const read = async (sql: string, project: string) =>
      (await database.prepare(sql).bind(project).all<object>()).results;
    return await recordRows(read, tenant.project);
  } finally {
    await close();
  }
}

test('a tenant is made by a command and has backups, and by whoever may sign up', async () => {
  const person = served.issuers.get('members').personOf('olivia');
  const add = ['tenants', 'add', 'acme', '--owner', person, '--owner-name', 'Olivia', '--json'];
  const { project_id } = JSON.parse((await well(served.run(...add))).out);
  expect(await served.run(...add)).toMatchObject({ code: 4, out: '' });
  expect(await served.run('tenants', 'add', 'Not A Label', ...add.slice(3))).toMatchObject({ code: 2 });
  const stranger = ['--owner', 'https://elsewhere.example 1', '--owner-name', 'X'];
  expect(await served.run('tenants', 'add', 'other', ...stranger)).toMatchObject({ code: 2, out: '' });
  await well(served.run('serve', '--daemon'));
  const ran = await served.runAs({ project: project_id }, tenant.olivia.token, 'backup', 'create', '--wait');
  expect(ran).toMatchObject({ code: 0 });
  expect(await served.run(...add)).toMatchObject({ code: 4, out: '' });
  const mine = await served.runAs({ project: '' }, tenant.adam.token, 'projects', 'create', 'mine');
  expect(mine).toMatchObject({ code: 0, out: expect.stringContaining('mine is ready') });
});
