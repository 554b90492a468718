import { afterAll, beforeAll, expect, test } from 'vitest';
import { busyTenant, lineOf, tablesWith } from '../../support/backup-flow.ts';
import { eventually } from '../../support/eventually.ts';
import { expectProblem } from '../../support/expect-problem.ts';
import { must } from '../../support/must.ts';
import { startTestPlane, type TestPlane } from '../../support/plane.ts';

/* An installation that keeps no copies of records. */

let plane: TestPlane;
beforeAll(async () => {
  plane = await startTestPlane({ provisioner: {} });
}, 60_000);
afterAll(() => plane?.stop());

const ID = `snp_${'0'.repeat(26)}`;
const reason = 'the pilot is over';

test('makes none, brings none back, and puts nothing away', async () => {
  const { olivia } = await plane.tenant();
  const asks = [
    ['/v1/backups', {}],
    ['/v1/backups/prove', {}],
    [`/v1/backups/${ID}/verify`, {}],
    ['/v1/backups/restore', { snapshot_id: ID, reason }],
    ['/v1/backups/prune', {}],
    ['/v1/project/archive', { reason }],
  ] as const;
  for (const [path, body] of asks) expectProblem(await olivia.post(path, body), 'backups_not_kept');
  expectProblem(await olivia.get('/v1/backups'), 'backups_not_kept');
});

test('lets whoever says it twice leave: then nothing of the project is left', async () => {
  const tenant = await busyTenant(plane);
  const neighbour = await busyTenant(plane);
  const { label = '' } = (await lineOf(plane, tenant)) ?? {};
  const wrong = [
    [{ label }, 'archive_required'],
    [{ label: 'other', without_archive: label }, 'label_differs'],
    [{ label, without_archive: 'other' }, 'label_differs'],
  ] as const;
  for (const [body, code] of wrong) expectProblem(await tenant.olivia.post('/v1/project/delete', body), code);
  const wish = { label, without_archive: label };
  expectProblem(await tenant.adam.post('/v1/project/delete', wish), 'forbidden');
  // What was refused leaves nobody behind who would look after copies.
  expectProblem(await tenant.olivia.get('/v1/backups'), 'backups_not_kept');
  must(await tenant.olivia.post('/v1/project/delete', wish));
  await eventually(
    () => tenant.olivia.get('/v1/backups'),
    ({ body }) => body.error_code === 'project_not_found',
  );
  expect(await lineOf(plane, tenant)).toBeUndefined();
  expect(await tablesWith(plane, tenant)).toEqual([]);
  must(await neighbour.vera.get('/v1/proposals'));
});
