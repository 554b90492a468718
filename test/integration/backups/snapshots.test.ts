import { readFile, writeFile } from 'node:fs/promises';
import { gunzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { BackupPlane, backups, busyTenant, snapshot, work } from '../../support/backup-flow.ts';
import { expectProblem } from '../../support/expect-problem.ts';
import { leaseJob, propose, report } from '../../support/flow.ts';
import { must } from '../../support/must.ts';

let served: BackupPlane;
beforeAll(async () => {
  served = await BackupPlane.start();
}, 60_000);
afterAll(() => served?.stop());

describe('a snapshot', () => {
  test('holds the whole record, as anybody can verify who has the files', async () => {
    const tenant = await busyTenant(served.plane);
    const taken = await snapshot(tenant);
    const [head] = await served.rows(tenant, 'heads');
    expect(taken.head).toEqual({ seq: head?.seq, hash: head?.hash });
    const verdict = await served.verdictOf(tenant, taken.snapshot_id);
    expect(verdict).toMatchObject({ ok: true, isSignatureChecked: true });
    expect(verdict.ok && verdict.manifest.entries).toBe(head?.seq);
  });

  test('is taken while writing goes on, and ends where the record ended at one moment', async () => {
    const tenant = await busyTenant(served.plane);
    let isOver = false;
    const writing = Promise.all(
      [1, 2, 3, 4].map(async () => {
        let written = 0;
        for (; !isOver; written += 1) await propose(tenant.service);
        return written;
      }),
    );
    const taken = await snapshot(tenant);
    isOver = true;
    const written = (await writing).reduce((sum, one) => sum + one, 0);
    expect(written).toBeGreaterThan(0);
    expect(await served.verdictOf(tenant, taken.snapshot_id)).toMatchObject({ ok: true });
    const later = await snapshot(tenant);
    expect(later.head.seq).toBeGreaterThan(taken.head.seq);
  });

  test('is a file under each of its names for good, and takes no place of another', async () => {
    const tenant = await busyTenant(served.plane);
    const [first, second] = [await snapshot(tenant), await snapshot(tenant)];
    expect(first.snapshot_id).not.toBe(second.snapshot_id);
    for (const { snapshot_id } of [first, second])
      expect(await served.verdictOf(tenant, snapshot_id)).toMatchObject({ ok: true });
  });

  test('can be read by its owner, byte for byte, and by nobody else', async () => {
    const tenant = await busyTenant(served.plane);
    const { snapshot_id } = await snapshot(tenant);
    const manifest = must(await tenant.olivia.get(`/v1/backups/${snapshot_id}/manifest`));
    const path = served.pathOf(tenant, snapshot_id, 'manifest.json');
    expect(manifest.text).toBe(await readFile(path, 'utf8'));
    for (const who of ['adam', 'otto', 'audra', 'agent', 'runner', 'service'] as const)
      expectProblem(await tenant[who].get(`/v1/backups/${snapshot_id}/manifest`), 'forbidden');
    const others = await served.plane.tenant();
    expectProblem(await others.olivia.get(`/v1/backups/${snapshot_id}/manifest`), 'snapshot_not_found');
    expectProblem(await others.olivia.post(`/v1/backups/${snapshot_id}/verify`), 'snapshot_not_found');
    expectProblem(
      await tenant.olivia.get(`/v1/backups/${snapshot_id}/files/..%2fmanifest.json`),
      'validation_failed',
    );
  });

  test('beyond what is kept goes when a new one is good; the newest never does', async () => {
    const tenant = await busyTenant(served.plane);
    const all = [await snapshot(tenant), await snapshot(tenant), await snapshot(tenant)];
    const { snapshots } = await backups(tenant);
    expect(snapshots.map(({ snapshot_id }) => snapshot_id)).toEqual(
      [all[2], all[1]].map((one) => one?.snapshot_id),
    );
    await expect(served.filesOf(tenant, all[0]?.snapshot_id ?? '')).rejects.toThrow('ENOENT');
  });

  test('holds the rows that no entry holds', async () => {
    const tenant = await busyTenant(served.plane);
    const { snapshot_id } = await snapshot(tenant);
    const files = (await served.filesOf(tenant, snapshot_id)).filter((name) => name.startsWith('rows-'));
    const texts = await Promise.all(
      files.map(async (name) =>
        gunzipSync(await readFile(served.pathOf(tenant, snapshot_id, name))).toString(),
      ),
    );
    expect(texts.join('')).toContain('"table":"idempotency"');
  });
});

describe('a snapshot that was touched', () => {
  test.each(['ledger', 'manifest'])('in its %s is found out', async (what) => {
    const tenant = await busyTenant(served.plane);
    const { snapshot_id } = await snapshot(tenant);
    const name = (await served.filesOf(tenant, snapshot_id)).find((file) => file.startsWith(what)) ?? '';
    const path = served.pathOf(tenant, snapshot_id, name);
    const bytes = await readFile(path);
    const at = what === 'ledger' ? bytes.length >> 1 : bytes.indexOf('"entries":') + '"entries":'.length;
    bytes[at] = (bytes[at] ?? 0) ^ 1;
    await writeFile(path, bytes);
    const trouble = what === 'ledger' ? 'file_altered' : 'signature_bad';
    expect(await work(tenant, `/v1/backups/${snapshot_id}/verify`)).toMatchObject({
      state: 'failed',
      trouble,
    });
    expect(await work(tenant, '/v1/backups/prove')).toMatchObject({ state: 'failed', trouble });
    expect((await backups(tenant)).alarms).toMatchObject([{ code: 'proof_failed' }]);
  });
});

describe('a record that is not what it was', () => {
  test('where an entry was altered: the copy is kept and stands for nothing, nothing is leased, reading goes on', async () => {
    const tenant = await busyTenant(served.plane);
    const good = await snapshot(tenant);
    await served.plane.query(
      "UPDATE ledger SET body = replace(body, 'late_fee', 'late_fees') WHERE tenant = ?1 AND type = 'proposal.submitted'",
      tenant.project,
    );
    const ended = await work(tenant, '/v1/backups');
    expect(ended).toMatchObject({ state: 'failed', trouble: 'refused_broken' });
    const { alarms, last_snapshot_at, snapshots } = await backups(tenant);
    expect(alarms).toMatchObject([{ code: 'record_broken' }]);
    expect(last_snapshot_at).toBe(good.taken_at);
    expect(snapshots.find(({ snapshot_id }) => snapshot_id === ended.snapshot_id)).toMatchObject({
      state: 'refused',
      refused_because: 'broken',
    });
    const claim = { source_id: 'src_billing', runner_id: 'runner-1', limit: 5 };
    expect(must(await tenant.runner.post('/v1/writeback/jobs/claim', claim)).body).toMatchObject({
      jobs: [],
      frozen: { is_stop: true },
    });
    must(await tenant.vera.get('/v1/proposals'));
    must(await tenant.olivia.get('/v1/freezes'));
  });

  test('where it was set back: the copy is refused, and the older one goes on standing for it', async () => {
    const tenant = await busyTenant(served.plane);
    const good = await snapshot(tenant);
    const [{ seq: before } = { seq: 0 }] = await served.plane.query<{ seq: number }>(
      'SELECT seq - 2 AS seq FROM heads WHERE tenant = ?1',
      tenant.project,
    );
    await served.plane.query('DELETE FROM ledger WHERE tenant = ?1 AND seq > ?2', tenant.project, before);
    await served.plane.query(
      "UPDATE heads SET turn = turn - 2, nonce = 'earlier', seq = ?2, hash = (SELECT hash FROM ledger WHERE tenant = ?1 AND seq = ?2) WHERE tenant = ?1",
      tenant.project,
      before,
    );
    const ended = await work(tenant, '/v1/backups');
    expect(ended).toMatchObject({ state: 'failed', trouble: 'refused_shrunken' });
    const { alarms, last_snapshot_at } = await backups(tenant);
    expect(alarms).toMatchObject([{ code: 'snapshot_refused' }]);
    expect(last_snapshot_at).toBe(good.taken_at);
    expect(must(await tenant.olivia.post('/v1/backups/prune')).body.removed).not.toContain(good.snapshot_id);
  });
});

test('a proof brings the newest snapshot back, compares everything, and leaves nothing behind', async () => {
  const tenant = await busyTenant(served.plane);
  const { snapshot_id } = await snapshot(tenant);
  expect(await work(tenant, '/v1/backups/prove')).toMatchObject({ state: 'done', snapshot_id });
  const { last_proven_restore, snapshots } = await backups(tenant);
  expect(last_proven_restore).toMatchObject({ snapshot_id });
  expect(snapshots[0]?.proven_at).toBe(last_proven_restore?.at);
  // The tenant itself has noticed nothing.
  must(await tenant.olivia.post('/v1/maintenance/rebuild'));
  must(await report(tenant.runner, await leaseJob(tenant)));
});

test('one work at a time, and who may ask for one', async () => {
  const tenant = await busyTenant(served.plane);
  const [one, two] = await Promise.all([
    tenant.olivia.post('/v1/backups'),
    tenant.olivia.post('/v1/backups'),
  ]);
  expectProblem([one, two].find(({ status }) => status !== 202) ?? one, 'backup_busy');
  for (const who of ['ada', 'vera', 'agent', 'runner', 'service'] as const)
    expectProblem(await tenant[who].post('/v1/backups'), 'forbidden');
  for (const who of ['otto', 'ada', 'vera', 'agent'] as const)
    expectProblem(await tenant[who].get('/v1/backups'), 'forbidden');
});
