import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeEach, describe, expect, test, vi } from 'vitest';
// biome-ignore lint/plugin: the servers that tests start are shared by all packages and stand outside them
import type { FakeControlPlane } from '../../test/support/fake-control-plane.ts';
// biome-ignore lint/plugin: as above
import type { TestDatabase } from '../../test/support/postgres-server.ts';
// biome-ignore lint/plugin: as above
import { useShopAndPlane } from '../../test/support/shop-and-plane.ts';
import { receiptTableSql } from '../databases/postgres/receipts-sql.ts';
import { receiptHash } from '../databases/receipt.ts';
import { exitCodes } from '../exit-codes.ts';
import { sampleConfig } from '../verify/sample-job.ts';
import { reconcile } from './reconcile.ts';

const shopSql = `
  CREATE TABLE invoices (id text NOT NULL, tenant_id text NOT NULL, version bigint NOT NULL,
    late_fee_cents integer, waiver_reason text, PRIMARY KEY (tenant_id, id));
  CREATE TABLE settings (id text PRIMARY KEY, value text, updated_at timestamptz NOT NULL);
  INSERT INTO invoices VALUES ('INV-1', 'acme', 8, 0, 'goodwill'), ('INV-1', 'other', 3, 0, NULL);
  INSERT INTO settings VALUES ('S-1', 'on', '2027-01-01 00:00:00.123456Z');
  ${receiptTableSql('public', 'countersign_receipts')};
  REVOKE CREATE ON SCHEMA public FROM PUBLIC;`;

vi.setConfig({ testTimeout: 30_000 });

let plane: FakeControlPlane;
let folder: string;
let configPath: string;
let db: TestDatabase;

useShopAndPlane(shopSql, (shop) => {
  ({ db, plane, folder } = shop);
});
beforeEach(async () => {
  configPath = join(folder, 'runner.json');
  const control_plane = { ...sampleConfig.control_plane, url: plane.url };
  await writeFile(configPath, JSON.stringify({ ...sampleConfig, control_plane }));
});

interface Receipt {
  readonly table: string;
  readonly key: string;
  readonly status: 'applied' | 'conflict';
  readonly version: string | null;
  readonly reason: string | null;
  readonly operation: string;
}

/** Puts a receipt there as a write leaves it. */
async function left(change: Partial<Receipt> = {}): Promise<void> {
  const applied = {
    table: 'public.invoices',
    key: 'INV-1',
    status: 'applied',
    version: '8',
    reason: null,
    operation: 'single_row_update',
  } as const;
  const { key, operation, reason, status, table, version } = { ...applied, ...change };
  await db.query(
    `INSERT INTO countersign_receipts (idempotency_key, job_id, proposal_id, proposal_hash, target_table, target_key,
       status, affected_rows, reason, result_version, result_hash, operation, attempt, lease_id, runner_id)
     VALUES ('key_1', 'wbj_1', 'wrp_1', 'sha256:p', $1, $2, $3, $4, $5, $6, $7, $8, 2, 'lse_2', 'runner-7')`,
    [
      table,
      key,
      status,
      status === 'applied' ? 1 : 0,
      reason,
      version,
      receiptHash('wbj_1', status, version ?? undefined),
      operation,
    ],
  );
}

interface Run {
  readonly id?: string;
  readonly isReported?: boolean;
  readonly isJson?: boolean;
  readonly sourceId?: string;
  readonly url?: string;
}

async function run({ id = 'key_1', isReported = false, isJson = false, sourceId, url = db.url }: Run = {}) {
  let [out, err] = ['', ''];
  const code = await reconcile({
    configPath,
    id,
    isJson,
    isReported,
    sourceId,
    environment: { SHOP_DATABASE_URL: url, COUNTERSIGN_RUNNER_TOKEN: plane.token },
    print: (text) => {
      out += text;
    },
    complain: (text) => {
      err += text;
    },
  });
  for (const secret of [new URL(url).password, plane.token, 'goodwill'])
    expect(out + err).not.toContain(secret);
  return { code, out, err };
}

describe('reconcile', () => {
  test.each(['key_1', 'wbj_1', 'wrp_1'])('says of %s that it was applied', async (id) => {
    await left();
    const { code, out } = await run({ id });
    expect(code).toBe(exitCodes.ok);
    expect(out).toContain(
      'applied: the change was made, and the row got version 8; it has that version still',
    );
  });

  test('says that the row went on since', async () => {
    await left();
    await db.query(`UPDATE invoices SET version = 12 WHERE tenant_id = 'acme'`);
    expect(await run()).toMatchObject({
      code: exitCodes.ok,
      out: expect.stringContaining('now it has version 12'),
    });
  });

  test('compares timestamps as times', async () => {
    const there = { table: 'public.settings', key: 'S-1' };
    await left({ ...there, version: '2027-01-01 01:00:00.123456+01' });
    expect(await run()).toMatchObject({
      code: exitCodes.ok,
      out: expect.stringContaining('has that version still'),
    });
    await db.query(`UPDATE settings SET updated_at = '2027-01-01 00:00:00.123455Z'`);
    expect((await run()).code).toBe(exitCodes.conflict);
  });

  test('says that the row is gone', async () => {
    await left();
    await db.query('DELETE FROM invoices');
    expect(await run()).toMatchObject({
      code: exitCodes.ok,
      out: expect.stringContaining('there is no such row now'),
    });
  });

  test('says of a table that is not configured any more what the receipt alone tells', async () => {
    await left({ table: 'public.gone' });
    expect(await run()).toMatchObject({ code: exitCodes.ok, out: expect.stringContaining('not looked at') });
  });

  test.each([
    ['another version', { version: '8', reason: 'VERSION_CONFLICT' }, 'the row had version 8'],
    ['no row', { version: null, reason: 'ROW_NOT_FOUND' }, 'there was no such row'],
  ])('says that a conflict with %s was recorded', async (_what, change, why) => {
    await left({ status: 'conflict', ...change });
    const { code, out } = await run();
    expect(code).toBe(exitCodes.ok);
    expect(out).toContain(`conflict: nothing was written: ${why}`);
  });

  test('says that nothing was written where there is no receipt', async () => {
    const { code, out } = await run();
    expect(code).toBe(exitCodes.ok);
    expect(out).toContain(
      'not written: no receipt in src_shop. If the job belongs to one of them, nothing was written under that name',
    );
    expect(JSON.parse((await run({ isJson: true })).out)).toEqual({
      id: 'key_1',
      verdict: 'not_written',
      receipts: [],
    });
  });

  test.each([
    [
      'a receipt that was edited',
      `UPDATE countersign_receipts SET result_version = '9'`,
      'is not as it was written',
    ],
    [
      'a row that is older',
      `UPDATE invoices SET version = 7 WHERE tenant_id = 'acme'`,
      'the row is older now',
    ],
    [
      'two receipts of one job',
      `INSERT INTO countersign_receipts SELECT (r).* FROM (SELECT jsonb_populate_record(c, '{"idempotency_key": "key_2"}') AS r FROM countersign_receipts c) AS x`,
      'more than one receipt',
    ],
  ])('finds %s a contradiction, and reports nothing', async (_what, change, why) => {
    await left();
    await db.query(change);
    const { code, out } = await run({ id: 'wbj_1', isReported: true });
    expect(code).toBe(exitCodes.conflict);
    expect(out).toContain('contradiction: ');
    expect(out).toContain(why);
    expect(plane.requests).toEqual([]);
  });

  test('finds the second receipt of a job that was asked for by the key of the first', async () => {
    await left();
    await db.query(
      `INSERT INTO countersign_receipts SELECT (r).* FROM (SELECT jsonb_populate_record(c, '{"idempotency_key": "key_2", "proposal_id": "wrp_2"}') AS r FROM countersign_receipts c) AS x`,
    );
    expect(await run({ id: 'key_1' })).toMatchObject({
      code: exitCodes.conflict,
      out: expect.stringContaining('more than one receipt'),
    });
  });

  test('gives programs all of it', async () => {
    await left();
    const { out } = await run({ isJson: true });
    expect(JSON.parse(out)).toMatchObject({
      id: 'key_1',
      verdict: 'applied',
      receipts: [
        {
          source_id: 'src_shop',
          verdict: 'applied',
          receipt: { lease_id: 'lse_2' },
          rows: [{ version: '8', order: 'same' }],
          report: null,
        },
      ],
    });
  });

  test('changes nothing', async () => {
    await left();
    const all = () =>
      db.query(
        'SELECT (SELECT jsonb_agg(i) FROM invoices i) AS i, (SELECT jsonb_agg(r) FROM countersign_receipts r) AS r',
      );
    const before = await all();
    await run({ isReported: true });
    expect(await all()).toEqual(before);
  });

  test('needs a source that is configured, and a database that answers', async () => {
    expect(await run({ sourceId: 'src_x' })).toMatchObject({ code: exitCodes.refused });
    const away = await run({ url: 'postgres://ada:topsecret@127.0.0.1:1/x' });
    expect(away).toMatchObject({ code: exitCodes.unreachable, out: '' });
    expect(away.err).toContain('the database cannot be reached (cannot_connect)');
  });
});

describe('reconcile --report', () => {
  test('tells what the receipt tells, under the lease and in the name that it was written under', async () => {
    await left();
    const { code, out } = await run({ isReported: true });
    expect(code).toBe(exitCodes.ok);
    expect(out).toContain('the control plane has it');
    expect(plane.results).toEqual([
      {
        protocol_version: '1.0',
        job_id: 'wbj_1',
        runner_id: 'runner-7',
        lease_id: 'lse_2',
        status: 'applied',
        affected_rows: 1,
        result_version: '8',
        result_hash: receiptHash('wbj_1', 'applied', '8'),
      },
    ]);
  });

  test('tells a conflict too', async () => {
    await left({ status: 'conflict', version: null, reason: 'ROW_NOT_FOUND' });
    expect((await run({ isReported: true })).code).toBe(exitCodes.ok);
    expect(plane.results).toMatchObject([
      { status: 'conflict', affected_rows: 0, error_code: 'ROW_NOT_FOUND' },
    ]);
  });

  test.each([
    ['has another result', 409, 'result_differs', exitCodes.conflict],
    ['knows no such lease', 409, 'lease_unknown', exitCodes.conflict],
    ['gave that lease to another', 403, 'lease_foreign', exitCodes.conflict],
    ['does not take the token', 401, 'token_invalid', exitCodes.refused],
    ['is in trouble', 503, 'unavailable', exitCodes.unreachable],
  ])('says when the control plane %s', async (_what, status, code, exit) => {
    await left();
    plane.fail('result', { kind: 'status', status, code, retryable: status === 503 });
    const answer = await run({ isReported: true });
    expect(answer).toMatchObject({ code: exit, out: expect.stringContaining(code) });
    expect(answer.out).toContain('applied: ');
  });

  test('tells nothing of a set, whose result says more than its receipt, and says so', async () => {
    await left({ version: null, operation: 'set_update' });
    const { code, out } = await run({ isReported: true });
    expect(code).toBe(exitCodes.refused);
    expect(out).toContain('applied: the set_update was made');
    expect(out).toContain('its next attempt reports what this receipt says');
    expect(plane.results).toEqual([]);
  });

  test('has nothing to tell where nothing was written', async () => {
    expect((await run({ isReported: true })).code).toBe(exitCodes.ok);
    expect(plane.requests).toEqual([]);
  });
});
