import { writeFile } from 'node:fs/promises';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { BackupPlane, backups, busyTenant, lineOf, snapshot, work } from '../../support/backup-flow.ts';
import { proposal } from '../../support/change-set.ts';
import { eventually } from '../../support/eventually.ts';
import { expectProblem } from '../../support/expect-problem.ts';
import { approve, claimOne, leaseJob, propose, renew, report } from '../../support/flow.ts';
import { must } from '../../support/must.ts';
import { asCopied, RECORD_TABLES, recordRows } from '../../support/restored-rows.ts';
import type { TestTenant } from '../../support/tenant.ts';

const RESTORED = { reason: 'the record was lost' } as const;
/** Each waits until nobody believes any more that the project is open. */
const TWO_RESTORES_MS = 90_000;
/** Nobody leases a job so often. */
const FAR_ABOVE = 1_000_000;

let served: BackupPlane;
beforeAll(async () => {
  served = await BackupPlane.start();
}, 60_000);
afterAll(() => served?.stop());

const labelOf = async (tenant: TestTenant) => (await lineOf(served.plane, tenant))?.label ?? '';

const rowsOf = ({ project }: TestTenant) => recordRows(served.plane.query, project);

async function restore(tenant: TestTenant, snapshotId: string, accepts: 'losses' | 'nothing' = 'nothing') {
  const over = await labelOf(tenant);
  const accepted = accepts === 'losses' ? { accept_revoked: over } : {};
  return work(tenant, '/v1/backups/restore', { snapshot_id: snapshotId, over, ...accepted, ...RESTORED });
}

/** The entries that a restore wrote behind those of the snapshot. */
async function writtenBehind(tenant: TestTenant, seq: number) {
  const ledger = await served.rows(tenant, 'ledger');
  return ledger.slice(seq).map(({ actor_id, body, type }) => ({
    type,
    actor: actor_id,
    body: JSON.parse(String(body)) as Readonly<Record<string, unknown>>,
  }));
}

async function heldBy(tenant: TestTenant): Promise<Record<string, unknown>> {
  const { freezes } = must(await tenant.olivia.get('/v1/freezes')).body;
  const [freeze] = freezes as readonly Record<string, unknown>[];
  return freeze ?? {};
}

describe.concurrent('a restore over a record', () => {
  test('brings every row back as it was, sets aside what was there, and holds all work', async () => {
    const tenant = await busyTenant(served.plane);
    const keyed = { headers: { 'idempotency-key': 'k-1' } };
    const wanted = proposal();
    const first = must(await tenant.service.post('/v1/proposals', wanted, keyed)).body.proposal_id;
    const taken = await snapshot(tenant);
    const copied = asCopied(await rowsOf(tenant), taken.head.seq);
    const later = await propose(tenant.service);

    expect(await restore(tenant, taken.snapshot_id)).toMatchObject({ state: 'done', trouble: null });

    const restored = await rowsOf(tenant);
    expect(asCopied(restored, taken.head.seq)).toEqual(copied);
    expect(restored.ledger).toHaveLength(taken.head.seq + 1);
    expectProblem(await tenant.service.get(`/v1/proposals/${later}`), 'proposal_not_found');
    // What was asked for under a key is not done again.
    expect(must(await tenant.service.post('/v1/proposals', wanted, keyed)).body.proposal_id).toBe(first);
    expect(must(await tenant.olivia.post('/v1/maintenance/rebuild')).body).toMatchObject({ matches: true });
    const { snapshots } = await backups(tenant);
    const aside = snapshots.find(({ reason }) => reason === 'before_restore');
    expect(aside?.head.seq).toBeGreaterThan(taken.head.seq);
    expect(await served.verdictOf(tenant, aside?.snapshot_id ?? '')).toMatchObject({ ok: true });
    expect(await heldBy(tenant)).toMatchObject({ is_stop: true, scope: { kind: 'project' } });
  });

  test('gives no lease that anybody may have had before, and takes what runners did in between', async () => {
    const tenant = await served.plane.tenant();
    const leasedBefore = await leaseJob(tenant);
    const { snapshot_id } = await snapshot(tenant);
    must(await renew(tenant.runner, leasedBefore));
    await restore(tenant, snapshot_id);

    expectProblem(await renew(tenant.runner, leasedBefore), 'frozen');
    const queued = await propose(tenant.service);
    await approve(tenant.ada, queued);
    const claim = { source_id: 'src_billing', runner_id: 'runner-1', limit: 5 };
    expect(must(await tenant.runner.post('/v1/writeback/jobs/claim', claim)).body.jobs).toEqual([]);
    // It was applied while the record was away: the word of whoever held the lease still counts.
    must(await report(tenant.runner, leasedBefore));
    const { freeze_id } = await heldBy(tenant);
    expectProblem(await tenant.ada.post(`/v1/freezes/${freeze_id}/lift`, {}), 'forbidden');
    must(await tenant.otto.post(`/v1/freezes/${freeze_id}/lift`, { reason: 'receipts compared' }));
    const job = await claimOne(tenant.runner);
    expect(job.job_id).toContain(queued);
    const [row] = (await served.rows(tenant, 'proposals')).filter((one) => one.proposal_id === queued);
    expect(row?.attempt).toBeGreaterThan(FAR_ABOVE);
    must(await report(tenant.runner, job));
  });

  test(
    'takes away again what was taken away since, and gives nothing that was given since',
    async () => {
      const tenant = await busyTenant(served.plane);
      const members = served.plane.issuers.get('members');
      const login = tenant.bearing(await members.sign('otto', { claims: { jti: 'lost laptop' } }));
      const { head, snapshot_id } = await snapshot(tenant);
      const { olivia } = tenant;
      const tokens = `/v1/control/projects/${tenant.project}/runner-tokens`;
      const later = must(await olivia.post(tokens, { name: 'later', source_ids: ['src_billing'] })).body;
      must(await olivia.post('/v1/agents/crd_agent/revoke', { reason: 'it leaked' }));
      must(await login.post('/v1/control/sessions/revoke'));
      const at = (name: string) => `/v1/members/${encodeURIComponent(members.personOf(name))}`;
      must(await olivia.post(`${at('aron')}/remove`, { reason: 'left' }));
      must(await olivia.post(`${at('adam')}/roles`, { roles: ['viewer'], approval_roles: [] }));
      must(await olivia.post(`${at('vera')}/roles`, { roles: ['admin'], approval_roles: [] }));

      const ended = await restore(tenant, snapshot_id);
      expect(ended).toMatchObject({ state: 'done', losses: { not_carried_because: null } });

      const written = await writtenBehind(tenant, head.seq);
      expect(written.map(({ actor, type }) => `${actor} ${type}`)).toEqual([
        'restore tenant.restored',
        'restore credential.revoked',
        'restore session.revoked',
        'restore member.removed',
        'restore member.roles_changed',
      ]);
      const [restored, ...losses] = written;
      expect(restored?.body.losses).toMatchObject({ carried: losses.length });
      for (const { body } of losses)
        expect(body.carried_from).toMatchObject({ snapshot_id: expect.anything() });
      expectProblem(await tenant.agent.get('/v1/proposals'), 'token_revoked');
      expectProblem(await login.get('/v1/members'), 'token_revoked');
      expectProblem(await tenant.aron.get('/v1/members'), 'project_not_found');
      expectProblem(await tenant.adam.get(tokens), 'forbidden');
      expectProblem(await tenant.vera.get(tokens), 'forbidden');
      expectProblem(
        await tenant.bearing(String(later.token)).get('/v1/control/sessions/self'),
        'token_invalid',
      );
      must(await tenant.otto.get('/v1/members'));
      expect(must(await olivia.post('/v1/maintenance/rebuild')).body).toMatchObject({ matches: true });
      expect(await work(tenant, '/v1/backups')).toMatchObject({ state: 'done' });
      // What was carried once is there to be carried again.
      expect(await restore(tenant, snapshot_id)).toMatchObject({ state: 'done' });
      expectProblem(await tenant.agent.get('/v1/proposals'), 'token_revoked');
    },
    TWO_RESTORES_MS,
  );

  test('is what new snapshots are measured by from then on', async () => {
    const tenant = await busyTenant(served.plane);
    const first = await snapshot(tenant);
    await propose(tenant.service);
    await propose(tenant.service);
    await propose(tenant.service);
    await snapshot(tenant);
    await restore(tenant, first.snapshot_id);
    const next = await snapshot(tenant);
    expect(next.head.seq).toBe(first.head.seq + 1);
    expect((await backups(tenant)).alarms).toEqual([]);
  });

  test(
    'is the way back for a record whose chain was broken',
    async () => {
      const tenant = await busyTenant(served.plane);
      const good = await snapshot(tenant);
      await served.plane.query(
        'UPDATE ledger SET actor_id = ?2 WHERE tenant = ?1 AND seq = 3',
        tenant.project,
        'x',
      );
      expect(await work(tenant, '/v1/backups')).toMatchObject({ state: 'failed', trouble: 'refused_broken' });
      // Nobody can say what was revoked since: without that word nothing is erased.
      expect(await restore(tenant, good.snapshot_id)).toMatchObject({
        state: 'failed',
        phase: 'carry',
        trouble: 'losses_unknown',
      });
      expect(await restore(tenant, good.snapshot_id, 'losses')).toMatchObject({
        state: 'done',
        losses: {
          found: null,
          not_carried_because: 'not_verified',
          notice: expect.stringContaining('valid again'),
        },
      });
      expect((await writtenBehind(tenant, good.head.seq)).map(({ body }) => body.losses)).toMatchObject([
        { carried: null, because: 'not_verified', notice: expect.stringContaining('are valid again') },
      ]);
      expect((await backups(tenant)).alarms).toEqual([]);
      expect(must(await tenant.olivia.post('/v1/maintenance/rebuild')).body).toMatchObject({ matches: true });
    },
    TWO_RESTORES_MS,
  );
});

test('a login that was ended is not answered while the record is away either', async () => {
  const tenant = await busyTenant(served.plane);
  const members = served.plane.issuers.get('members');
  const ended = tenant.bearing(await members.sign('olivia', { claims: { jti: 'lost laptop' } }));
  must(await ended.post('/v1/control/sessions/revoke'));
  const { snapshot_id } = await snapshot(tenant);
  const [path] = (await served.filesOf(tenant, snapshot_id)).filter((name) => name.startsWith('ledger-'));
  const over = await labelOf(tenant);
  const begun = await tenant.olivia.post('/v1/backups/restore', { snapshot_id, over, ...RESTORED });
  must(begun);
  // It was verified; what is spoiled afterwards stops the restore when the record has gone.
  await eventually(
    () => backups(tenant),
    ({ work: [going] }) => going?.phase !== 'check',
  );
  await writeFile(served.pathOf(tenant, snapshot_id, path), 'spoiled');
  await eventually(
    () => backups(tenant),
    ({ work: [going] }) => going?.state === 'failed',
    60_000,
  );
  const [head] = await served.plane.query('SELECT seq FROM heads WHERE tenant = ?1', tenant.project);
  expect(head).toBeUndefined();
  expectProblem(await ended.get('/v1/backups'), 'token_revoked');
  expectProblem(await ended.get(`/v1/backups/${snapshot_id}/manifest`), 'token_revoked');
  must(await tenant.olivia.get('/v1/backups'));
});

describe('a restore is refused', () => {
  test('over a record, unless the project is named', async () => {
    const tenant = await busyTenant(served.plane);
    const { snapshot_id } = await snapshot(tenant);
    const wish = { snapshot_id, ...RESTORED };
    expectProblem(await tenant.olivia.post('/v1/backups/restore', wish), 'record_exists');
    expectProblem(
      await tenant.olivia.post('/v1/backups/restore', { ...wish, over: 'other' }),
      'record_exists',
    );
  });

  test('to anybody but an owner', async () => {
    const tenant = await busyTenant(served.plane);
    const { snapshot_id } = await snapshot(tenant);
    const wish = { snapshot_id, over: await labelOf(tenant), ...RESTORED };
    for (const who of ['adam', 'otto', 'ada', 'agent', 'runner', 'service'] as const)
      expectProblem(await tenant[who].post('/v1/backups/restore', wish), 'forbidden');
    const others = await served.plane.tenant();
    expectProblem(
      await others.olivia.post('/v1/backups/restore', { ...wish, over: await labelOf(others) }),
      'snapshot_not_found',
    );
  });

  test('where the word for what may be valid again names another project', async () => {
    const tenant = await busyTenant(served.plane);
    const { snapshot_id } = await snapshot(tenant);
    const wish = { snapshot_id, over: await labelOf(tenant), accept_revoked: 'other', ...RESTORED };
    expectProblem(await tenant.olivia.post('/v1/backups/restore', wish), 'label_differs');
  });

  test('from a copy that was refused, and the project stays open', async () => {
    const tenant = await busyTenant(served.plane);
    await snapshot(tenant);
    await served.plane.query(
      "UPDATE ledger SET actor_id = 'x' WHERE tenant = ?1 AND seq = 3",
      tenant.project,
    );
    const { snapshot_id } = await work(tenant, '/v1/backups');
    expect(await restore(tenant, snapshot_id)).toMatchObject({
      state: 'failed',
      trouble: 'snapshot_refused',
    });
    must(await tenant.vera.get('/v1/proposals'));
  });
});

test('a record that is gone comes back for whom the directory names its owner, and for nobody else', async () => {
  const tenant = await busyTenant(served.plane);
  const { head, snapshot_id } = await snapshot(tenant);
  const copied = asCopied(await rowsOf(tenant), head.seq);
  for (const table of [...RECORD_TABLES, 'heads'])
    await served.plane.query(`DELETE FROM ${table} WHERE tenant = ?1`, tenant.project);
  const { issuer } = served.plane.issuers.get('members').settings;
  await served.plane.query(
    "UPDATE tenants SET status = 'suspended', owner = ?2 WHERE tenant = ?1",
    tenant.project,
    `${issuer} olivia`,
  );
  for (const who of ['adam', 'otto', 'ada', 'agent', 'runner', 'service'] as const)
    expectProblem(await tenant[who].get('/v1/backups'), 'project_not_found');
  const wish = { snapshot_id, ...RESTORED };
  expect(await work(tenant, '/v1/backups/restore', wish)).toMatchObject({ state: 'done' });
  expect(asCopied(await rowsOf(tenant), head.seq)).toEqual(copied);
  must(await tenant.vera.get('/v1/proposals'));
});
