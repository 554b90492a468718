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
import { exitCodes } from '../exit-codes.ts';
import { Operating } from '../operating/operating.ts';
import { OperatingServer } from '../operating/operating-server.ts';
import { sampleConfig } from '../verify/sample-job.ts';
import { status } from './status.ts';

vi.setConfig({ testTimeout: 30_000 });

let plane: FakeControlPlane;
let folder: string;
let db: TestDatabase;

useShopAndPlane(receiptTableSql('public', 'countersign_receipts'), (shop) => {
  ({ db, plane, folder } = shop);
});
beforeEach(async () => {
  plane.doctor = { project_id: 'prj_acme', source_ids: ['src_shop'] };
});

interface Run {
  readonly url?: string;
  readonly plane?: string;
  readonly token?: string;
  readonly port?: number | undefined;
  readonly isOfDaemon?: boolean;
}

async function run({
  url = db.url,
  plane: planeUrl = plane.url,
  token = plane.token,
  port,
  isOfDaemon = false,
}: Run = {}) {
  const configPath = join(folder, 'runner.json');
  const control_plane = { ...sampleConfig.control_plane, url: planeUrl };
  const http = port === undefined ? {} : { http: { port } };
  await writeFile(configPath, JSON.stringify({ ...sampleConfig, control_plane, ...http }));
  let [out, err] = ['', ''];
  const ask = (isJson: boolean) =>
    status({
      configPath,
      isJson,
      isOfDaemon,
      environment: { SHOP_DATABASE_URL: url, COUNTERSIGN_RUNNER_TOKEN: token },
      print: (text) => {
        out += text;
      },
      complain: (text) => {
        err += text;
      },
    });
  const code = await ask(true);
  const document = JSON.parse(out);
  out = '';
  expect(await ask(false)).toBe(code);
  for (const secret of [new URL(url).password, plane.token])
    expect(out + err + JSON.stringify(document)).not.toContain(secret);
  return { code, document, out };
}

/** So many receipts, so many hours old. */
const receipts = (status: 'applied' | 'conflict', count: number, hours: number) =>
  db.query(
    `INSERT INTO countersign_receipts (idempotency_key, job_id, proposal_id, proposal_hash, target_table, target_key,
       status, affected_rows, reason, result_version, result_hash, attempt, lease_id, runner_id, recorded_at)
     SELECT $1::text || $2::text || n, 'wbj', 'wrp', '-', '-', '-', $1, $3, $4, '8', '-', 1, '-', '-', now() - $2::integer * interval '1 hour'
     FROM generate_series(1, ${count}) AS n`,
    [status, hours, status === 'applied' ? 1 : 0, status === 'applied' ? null : 'VERSION_CONFLICT'],
  );

const daemonOf = (changes: Partial<Awaited<ReturnType<Operating['report']>>> = {}) => {
  const operating = new Operating(new Map([['src_shop', 'postgres']]), {
    databases: new Map([['src_shop', { probe: async () => undefined }]]),
    drain: new AbortController().signal,
    now: () => performance.now(),
  });
  const report = async () => ({ ...(await operating.report()), ...changes });
  const told = { isTurning: true, report, metricsText: () => operating.metricsText() };
  return OperatingServer.listen({ host: '127.0.0.1', port: 0 }, told, () => undefined);
};

describe('status', () => {
  test('says what lies in the database of each source, and what the token is good for', async () => {
    await receipts('applied', 3, 1);
    await receipts('conflict', 2, 23);
    await receipts('applied', 5, 25);
    const [newest] = await db.query('SELECT max(recorded_at)::text AS at FROM countersign_receipts');
    const { code, document, out } = await run();
    expect({ code, out }).toEqual({ code: exitCodes.ok, out: expect.any(String) });
    expect(document).toMatchObject({
      runner_id: 'runner-1',
      mode: 'write',
      well: true,
      control_plane: { state: 'ok', project_id: 'prj_acme', source_ids: ['src_shop'], not_covered: [] },
      sources: {
        src_shop: {
          state: 'ok',
          server: expect.stringContaining('PostgreSQL'),
          last_24_hours: { applied: 3, conflict: 2 },
        },
      },
      daemon: null,
    });
    expect(Date.parse(document.sources.src_shop.newest_receipt_at)).toBe(Date.parse(String(newest?.at)));
    expect(out).toMatch(/✓ src_shop: PostgreSQL .*; last 24 h 3 applied, 2 in conflict; newest receipt 20/);
  });

  test('of the daemon alone asks nobody else, and fails where it does not say that it is alive', async () => {
    const away = 'postgres://ada:topsecret@127.0.0.1:1/x';
    const server = await daemonOf();
    try {
      const alive = await run({ isOfDaemon: true, port: server.port, url: away });
      expect(alive).toMatchObject({ code: exitCodes.ok, document: { healthy: true } });
      expect(plane.requests).toEqual([]);
    } finally {
      await server.close();
    }
    const gone = await run({ isOfDaemon: true, port: server.port });
    expect(gone).toMatchObject({ code: exitCodes.failed, document: { healthy: false } });
    expect((await run({ isOfDaemon: true })).out).toContain(
      'an http.port that the configuration does not name',
    );
  });

  test('changes nothing, and tells the control plane nothing', async () => {
    await run();
    expect(new Set(plane.requests.map(({ route }) => route))).toEqual(new Set(['doctor']));
    expect(await db.query('SELECT count(*) FROM countersign_receipts')).toEqual([{ count: '0' }]);
  });

  test('says what is not well: the database', async () => {
    const { code, document, out } = await run({ url: 'postgres://ada:topsecret@127.0.0.1:1/x' });
    expect(code).toBe(exitCodes.failed);
    expect(document).toMatchObject({ well: false, sources: { src_shop: { state: 'unreachable' } } });
    expect(out).toContain('✗ src_shop: the database cannot be reached (cannot_connect)');
  });

  test('says what is not well: the receipt table', async () => {
    await db.query('DROP TABLE countersign_receipts');
    expect(await run()).toMatchObject({
      code: exitCodes.failed,
      document: { sources: { src_shop: { state: 'refused' } } },
    });
  });

  test.each([
    ['is not taken', { token: 'syn_run_other' }, 'token_invalid'],
    ['is not set', { token: '' }, 'COUNTERSIGN_RUNNER_TOKEN is not set'],
  ])('says what is not well: a token that %s', async (_what, change, text) => {
    const { code, document, out } = await run(change);
    expect(code).toBe(exitCodes.failed);
    expect(document.control_plane).toMatchObject({ state: 'refused' });
    expect(out).toContain(text);
  });

  test('says what is not well: a token that does not cover the source', async () => {
    plane.doctor = { project_id: 'prj_acme', source_ids: ['src_other'] };
    const { code, document } = await run();
    expect(code).toBe(exitCodes.failed);
    expect(document.control_plane).toMatchObject({ state: 'not_covered', not_covered: ['src_shop'] });
  });

  test('says when nothing answers at all', async () => {
    const nowhere = 'http://127.0.0.1:1';
    expect((await run({ url: 'postgres://ada:topsecret@127.0.0.1:1/x', plane: nowhere })).code).toBe(
      exitCodes.unreachable,
    );
    expect((await run({ plane: nowhere })).code).toBe(exitCodes.failed);
  });

  test.each([
    [{ ready: true, control_plane: 'ok' }, exitCodes.ok, 'ready'],
    [{}, exitCodes.failed, 'not_ready'],
  ] as const)('says what the daemon says of itself: %j', async (report, exit, state) => {
    const daemon = await daemonOf(report);
    try {
      const { code, document } = await run({ port: daemon.port ?? 0 });
      expect(code).toBe(exit);
      expect(document.daemon).toMatchObject({ state, draining: false, databases: { src_shop: 'unchecked' } });
    } finally {
      await daemon.close();
    }
  });

  test('says that no daemon answers where one should', async () => {
    const { code, document, out } = await run({ port: 1 });
    expect(code).toBe(exitCodes.failed);
    expect(document.daemon).toEqual({ state: 'not_listening' });
    expect(out).toContain('✗ daemon: nothing answers at http://127.0.0.1:1');
  });
});
