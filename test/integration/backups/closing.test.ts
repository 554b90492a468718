import { createHash } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import {
  BackupPlane,
  backups,
  busyTenant,
  lineOf,
  snapshot,
  tablesWith,
  work,
} from '../../support/backup-flow.ts';
import { eventually } from '../../support/eventually.ts';
import { expectProblem } from '../../support/expect-problem.ts';
import { leaseJob, report } from '../../support/flow.ts';
import { LiveSocket } from '../../support/live-socket.ts';
import { must } from '../../support/must.ts';
import type { TestTenant } from '../../support/tenant.ts';

let served: BackupPlane;
beforeAll(async () => {
  served = await BackupPlane.start();
}, 60_000);
afterAll(() => served?.stop());

const reason = 'the pilot is over';

async function archived(tenant: TestTenant): Promise<{ label: string; digest: string }> {
  const ended = await work(tenant, '/v1/project/archive', { reason });
  expect(ended).toMatchObject({ kind: 'archive', state: 'done' });
  const manifest = must(await tenant.olivia.get(`/v1/backups/${ended.snapshot_id}/manifest`)).text;
  const digest = `sha256:${createHash('sha256').update(manifest).digest('hex')}`;
  return { label: (await lineOf(served.plane, tenant))?.label ?? '', digest };
}

describe.concurrent('a project that is put away', () => {
  test('lets what is leased end, serves nobody any more, and is copied and verified', async () => {
    const tenant = await busyTenant(served.plane);
    const leased = await leaseJob(tenant);
    const feed = await LiveSocket.open(served.plane.origin, tenant.olivia);
    const begun = must(await tenant.olivia.post('/v1/project/archive', { reason })).body;
    await eventually(
      () => lineOf(served.plane, tenant),
      (line) => line?.status === 'draining',
    );
    const claim = { source_id: 'src_billing', runner_id: 'runner-1', limit: 5 };
    expect(must(await tenant.runner.post('/v1/writeback/jobs/claim', claim)).body.jobs).toEqual([]);
    must(await report(tenant.runner, leased));
    const { snapshots } = await eventually(
      () => backups(tenant),
      (view) => view.work.some(({ state, work_id }) => work_id === begun.work_id && state === 'done'),
      60_000,
    );
    expect((await lineOf(served.plane, tenant))?.status).toBe('archived');
    expect((await feed.closed.promise).code).toBe(4002);
    expect(snapshots[0]).toMatchObject({ reason: 'archive', state: 'good' });
    expect(await served.verdictOf(tenant, snapshots[0]?.snapshot_id ?? '')).toMatchObject({ ok: true });
    for (const who of ['ada', 'vera', 'service', 'agent'] as const)
      expectProblem(await tenant[who].get('/v1/proposals'), 'project_not_found');
  });

  test('is served again when its owner says so, and holds its work until an operator lets it go', async () => {
    const tenant = await busyTenant(served.plane);
    await archived(tenant);
    expectProblem(await tenant.otto.post('/v1/project/reopen'), 'project_not_found');
    must(await tenant.olivia.post('/v1/project/reopen'));
    must(
      await eventually(
        () => tenant.vera.get('/v1/proposals'),
        ({ status }) => status === 200,
      ),
    );
    const { freezes } = must(await tenant.otto.get('/v1/freezes')).body;
    expect(freezes).toMatchObject([{ is_stop: true, reason: expect.stringContaining(reason) }]);
  });

  test('follows whoever closed it, not whom the directory named before', async () => {
    const tenant = await busyTenant(served.plane);
    const { issuer } = served.plane.issuers.get('members').settings;
    await served.plane.query(
      'UPDATE tenants SET owner = ?2 WHERE tenant = ?1',
      tenant.project,
      `${issuer} adam`,
    );
    await archived(tenant);
    for (const ask of ['/v1/project/reopen', '/v1/backups'])
      expectProblem(await tenant.adam.post(ask), 'project_not_found');
    must(await tenant.olivia.post('/v1/project/reopen'));
  });

  test('does not answer a login that was ended, whoever the directory names', async () => {
    const tenant = await busyTenant(served.plane);
    const members = served.plane.issuers.get('members');
    const ended = tenant.bearing(await members.sign('olivia', { claims: { jti: 'lost laptop' } }));
    must(await ended.post('/v1/control/sessions/revoke'));
    const { label } = await archived(tenant);
    for (const path of ['/v1/backups', '/v1/project/reopen'])
      expectProblem(await ended.post(path), 'token_revoked');
    const wish = { label, without_archive: label };
    expectProblem(await ended.post('/v1/project/delete', wish), 'token_revoked');
    expectProblem(await ended.get('/v1/backups'), 'token_revoked');
    must(await tenant.olivia.get('/v1/backups'));
  });

  test('ends when its owner holds the archive: then nothing of it is left anywhere', async () => {
    const tenant = await busyTenant(served.plane);
    await snapshot(tenant);
    const { digest, label } = await archived(tenant);
    const wrong = [
      [{ label: 'other', archive_digest: digest }, 'label_differs'],
      [{ label }, 'archive_required'],
      [{ label, archive_digest: `sha256:${'0'.repeat(64)}` }, 'archive_required'],
      [{ label, without_archive: 'other' }, 'label_differs'],
    ] as const;
    for (const [body, code] of wrong)
      expectProblem(await tenant.olivia.post('/v1/project/delete', body), code);
    must(await tenant.olivia.post('/v1/project/delete', { label, archive_digest: digest }));
    await eventually(
      () => lineOf(served.plane, tenant),
      (line) => line === undefined,
    );
    expect(await tablesWith(served.plane, tenant)).toEqual([]);
    expect(await readdir(served.folder)).not.toContain(tenant.project);
    expect(await textsIn(served.plane.persisted, tenant.project)).toEqual([]);
    for (const who of ['olivia', 'ada', 'service'] as const)
      expectProblem(await tenant[who].get('/v1/proposals'), 'project_not_found');
  });
});

test('a project without an archive ends only where that is said twice', async () => {
  const tenant = await busyTenant(served.plane);
  const label = (await lineOf(served.plane, tenant))?.label ?? '';
  expectProblem(await tenant.olivia.post('/v1/project/delete', { label }), 'archive_required');
  for (const who of ['adam', 'otto', 'agent', 'runner', 'service'] as const)
    expectProblem(
      await tenant[who].post('/v1/project/delete', { label, without_archive: label }),
      'forbidden',
    );
  must(await tenant.olivia.post('/v1/project/delete', { label, without_archive: label }));
  await eventually(
    () => lineOf(served.plane, tenant),
    (line) => line === undefined,
  );
  expect(await tablesWith(served.plane, tenant)).toEqual([]);
});

/** The files of the objects' own storage in which a text stands, as it stands on the disk. */
async function textsIn(folder: string, text: string): Promise<string[]> {
  const files = (await readdir(folder, { recursive: true, withFileTypes: true })).filter((file) =>
    file.isFile(),
  );
  const found = await Promise.all(
    files
      // D1 is asked itself; and the runtime's own list of objects and alarms is not ours to clear.
      .filter(({ name, parentPath }) => !parentPath.includes('d1') && !name.startsWith('metadata.'))
      .map(async ({ name, parentPath }) => {
        const path = join(parentPath, name);
        return (await readFile(path)).includes(text) ? [path] : [];
      }),
  );
  return found.flat();
}
