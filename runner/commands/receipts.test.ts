import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest';
// biome-ignore lint/plugin: the servers that tests start are shared by all packages and stand outside them
import type { PostgresServer, TestDatabase } from '../../test/support/postgres-server.ts';
// biome-ignore lint/plugin: as above
import { sharedPostgres } from '../../test/support/shared-servers.ts';
import { receiptTableSql } from '../databases/postgres/receipts-sql.ts';
import { exitCodes } from '../exit-codes.ts';
import { sampleConfig } from '../verify/sample-job.ts';
import { type ReceiptsAsk, receipts } from './receipts.ts';

const HASH = (status: string, version: string) =>
  `'sha256:' || encode(sha256(convert_to('{"job_id":"wbj_' || n || '","status":"${status}"${version}}', 'UTF8')), 'hex')`;

/** So many receipts of applied changes, one a second, and a conflict after them. */
const receiptsSql = (count: number) => `
  INSERT INTO countersign_receipts (idempotency_key, job_id, proposal_id, proposal_hash, target_table, target_key,
    status, affected_rows, result_version, result_hash, attempt, lease_id, runner_id, recorded_at)
  SELECT 'key_' || n, 'wbj_' || n, 'wrp_' || n, 'sha256:p', 'public.invoices', 'INV-' || n, 'applied', 1, '8',
    ${HASH('applied', ',"version":"8"')}, 1, 'lse_1', 'runner-1', timestamptz '2027-01-01 00:00:00Z' + n * interval '1 second'
  FROM generate_series(1, ${count}) AS n;
  INSERT INTO countersign_receipts (idempotency_key, job_id, proposal_id, proposal_hash, target_table, target_key,
    status, affected_rows, reason, result_version, result_hash, attempt, lease_id, runner_id, recorded_at)
  SELECT 'key_c', 'wbj_' || n, 'wrp_c', 'sha256:p', 'public.invoices', 'INV-c', 'conflict', 0, 'ROW_NOT_FOUND', NULL,
    ${HASH('conflict', '')}, 2, 'lse_2', 'runner-1', timestamptz '2028-01-01 00:00:00Z' FROM (VALUES ('c')) AS v (n);`;

vi.setConfig({ testTimeout: 30_000 });

let server: PostgresServer;
let db: TestDatabase;
let folder: string;
let configPath: string;

beforeAll(async () => {
  server = await sharedPostgres();
  await server.template(
    'kept',
    `${receiptTableSql('public', 'countersign_receipts')}; ${receiptsSql(2_500)}`,
  );
  folder = await mkdtemp(join(tmpdir(), 'countersign-receipts-'));
  configPath = join(folder, 'runner.json');
  await writeFile(configPath, JSON.stringify(sampleConfig));
}, 60_000);
afterAll(async () => {
  await rm(folder, { recursive: true });
}, 30_000);
beforeEach(async () => {
  db = await server.clone('kept');
});
afterEach(() => db.drop());

const [sourceId = ''] = Object.keys(sampleConfig.sources);

async function run(ask: ReceiptsAsk, { isJson = false, url = db.url, source = sourceId } = {}) {
  let [out, err] = ['', ''];
  const code = await receipts(ask, {
    configPath,
    sourceId: source,
    isJson,
    environment: { SHOP_DATABASE_URL: url },
    print: (text) => {
      out += text;
    },
    complain: (text) => {
      err += text;
    },
  });
  expect(`${out}${err}`).not.toContain(new URL(db.url).password);
  return { code, out, err };
}

describe('receipts list', () => {
  test('shows the latest first, as many as asked for', async () => {
    const { code, out } = await run({ action: 'list', limit: 3 });
    expect(code).toBe(exitCodes.ok);
    const lines = out.trimEnd().split('\n');
    expect(lines).toHaveLength(3);
    expect(lines[0]).toMatch(/conflict {2}ROW_NOT_FOUND {2}public\.invoices INV-c {2}wbj_c$/);
    expect(lines[1]).toMatch(/applied {2}- {2}public\.invoices INV-2500 {2}wbj_2500$/);
  });

  test('gives programs all fields, by source', async () => {
    const { code, out } = await run({ action: 'list', limit: 1 }, { isJson: true });
    expect(code).toBe(exitCodes.ok);
    expect(JSON.parse(out)).toMatchObject({
      sources: { [sourceId]: [{ idempotency_key: 'key_c', result_version: null, affected_rows: '0' }] },
    });
  });

  test('lets no text of a database steer the terminal', async () => {
    await db.query(
      `UPDATE countersign_receipts SET target_key = E'\\x1b[2J' WHERE idempotency_key = 'key_c'`,
    );
    const { out } = await run({ action: 'list', limit: 1 });
    expect(out).toContain('\uFFFD[2J');
  });
});

describe('receipts show', () => {
  test.each(['key_7', 'wbj_7', 'wrp_7'])('finds one by %s', async (receipt) => {
    const { code, out } = await run({ action: 'show', receipt });
    expect(code).toBe(exitCodes.ok);
    expect(out).toMatch(/^idempotency_key key_7$/m);
    expect(out).toMatch(/^verified {8}yes$/m);
  });

  test('fails for one that is not as it was written, and says so to programs too', async () => {
    await db.query(`UPDATE countersign_receipts SET result_version = '9' WHERE idempotency_key = 'key_7'`);
    const { code, out } = await run({ action: 'show', receipt: 'key_7' });
    expect(code).toBe(exitCodes.failed);
    expect(out).toMatch(/^verified {8}its hash is not that of what it says$/m);
    const faultOf = async (receipt: string) => {
      const shown = await run({ action: 'show', receipt }, { isJson: true });
      return { code: shown.code, fault: JSON.parse(shown.out).sources[sourceId][0].fault };
    };
    expect(await faultOf('key_7')).toEqual({
      code: exitCodes.failed,
      fault: 'its hash is not that of what it says',
    });
    expect(await faultOf('key_8')).toEqual({ code: exitCodes.ok, fault: null });
  });

  test('fails for one that is not there', async () => {
    expect(await run({ action: 'show', receipt: 'key_0' })).toMatchObject({
      code: exitCodes.failed,
      out: '',
      err: expect.stringContaining('there is no such receipt'),
    });
  });
});

describe('receipts verify', () => {
  test('checks every one, over pages', async () => {
    const { code, out } = await run({ action: 'verify' });
    expect({ code, out }).toEqual({
      code: exitCodes.ok,
      out: `${sourceId}  2501 receipts checked: each is what it was when it was written\n`,
    });
  });

  test.each([
    ['its version', `result_version = '9'`, 'its hash is not that of what it says'],
    ['its job', `job_id = 'wbj_8'`, 'its hash is not that of what it says'],
    ['its hash', `result_hash = 'sha256:0'`, 'its hash is not that of what it says'],
    [
      'its outcome',
      `status = 'conflict', affected_rows = 0, reason = 'VERSION_CONFLICT'`,
      'its hash is not that of what it says',
    ],
  ])('names one of which somebody edited %s', async (_what, change, fault) => {
    await db.query(`UPDATE countersign_receipts SET ${change} WHERE idempotency_key = 'key_1234'`);
    const { code, out } = await run({ action: 'verify' }, { isJson: true });
    expect(code).toBe(exitCodes.failed);
    expect(JSON.parse(out)).toEqual({
      sources: { [sourceId]: { checked: 2_501, faults: [{ idempotency_key: 'key_1234', fault }] } },
    });
  });
});

describe('what keeps the receipts from being read', () => {
  test('a database that is away', async () => {
    const url = new URL(db.url);
    url.port = '1';
    expect(await run({ action: 'verify' }, { url: url.href })).toMatchObject({ code: exitCodes.unreachable });
  });

  test('a login that is refused', async () => {
    const url = new URL(db.url);
    url.password = 'wrong';
    expect(await run({ action: 'verify' }, { url: url.href })).toMatchObject({
      code: exitCodes.refused,
      err: expect.stringContaining('refused the login (28P01)'),
    });
  });

  test('a table that is not there', async () => {
    await db.query('DROP TABLE countersign_receipts');
    expect(await run({ action: 'list', limit: 1 }, { isJson: true })).toEqual({
      code: exitCodes.failed,
      out: '',
      err: 'the receipt table is not there (is this the right database?): 42P01\n',
    });
  });

  test('a table that is not there', async () => {
    await db.query('DROP TABLE countersign_receipts');
    expect(await run({ action: 'verify' })).toMatchObject({
      code: exitCodes.failed,
      err: expect.stringContaining('42P01'),
    });
  });

  test('a source that is not configured', async () => {
    expect(await run({ action: 'verify' }, { source: 'src_other' })).toMatchObject({
      code: exitCodes.refused,
      err: expect.stringContaining('there is no source src_other'),
    });
  });
});
