import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test, vi } from 'vitest';
// biome-ignore lint/plugin: the servers that tests start are shared by all packages and stand outside them
import type { FakeControlPlane } from '../../test/support/fake-control-plane.ts';
// biome-ignore lint/plugin: as above
import type { TestDatabase } from '../../test/support/postgres-server.ts';
// biome-ignore lint/plugin: as above
import { useShopAndPlane } from '../../test/support/shop-and-plane.ts';
import { receiptTableSql } from '../databases/postgres/receipts-sql.ts';
import { exitCodes } from '../exit-codes.ts';
import { sampleConfig } from '../verify/sample-job.ts';
import { Shutdown } from './shutdown.ts';
import { start } from './start.ts';

const shopSql = `
  CREATE TABLE invoices (
    id text NOT NULL, tenant_id text NOT NULL, version bigint NOT NULL, late_fee_cents integer NOT NULL,
    waiver_reason text, PRIMARY KEY (tenant_id, id));
  CREATE TABLE settings (id text PRIMARY KEY, value text, updated_at timestamptz NOT NULL);
  ${receiptTableSql('public', 'countersign_receipts')};`;

vi.setConfig({ testTimeout: 30_000 });

let folder: string;
let db: TestDatabase;
let plane: FakeControlPlane;

useShopAndPlane(shopSql, (shop) => {
  ({ db, plane, folder } = shop);
});

/** Starts, ends it by a signal when it claims, unless it ends by itself, and gives what the heartbeats said. */
async function heartbeats({ isOnce = false, isDryRun = false, databaseUrl = db.url } = {}) {
  const configPath = join(folder, 'runner.json');
  const control_plane = { ...sampleConfig.control_plane, url: plane.url };
  await writeFile(configPath, JSON.stringify({ ...sampleConfig, control_plane }));
  const lines: (readonly [event: string, fields: object])[] = [];
  const shutdown = new Shutdown(
    (_level, event, fields = {}) => void lines.push([event, fields]),
    () => undefined,
  );
  const environment = { COUNTERSIGN_RUNNER_TOKEN: plane.token, SHOP_DATABASE_URL: databaseUrl };
  const log = (_level: string, event: string, fields = {}) => {
    lines.push([event, fields]);
    if (event === 'database_away' && !isOnce) shutdown.next('test');
  };
  const ended = start({ configPath, environment, log, shutdown, isOnce, isDryRun });
  if (!isOnce && databaseUrl === db.url) {
    await plane.until(() => plane.count('claim') > 0);
    shutdown.next('test');
  }
  const code = await ended;
  const said = plane.requests.filter(({ route }) => route === 'runner-heartbeat').map(({ body }) => body);
  return { code, said, lines };
}

const beat = (status: string) => expect.objectContaining({ status });

test('a daemon says at its end that it is out of service', async () => {
  const { code, said } = await heartbeats();
  expect(code).toBe(exitCodes.ok);
  expect(said).toEqual([beat('online'), beat('draining')]);
});

test.each([{ isOnce: true }, { isDryRun: true }, { isOnce: true, isDryRun: true }])(
  'what is run beside a daemon does not take that out of service: %j',
  async (flags) => {
    const { code, said } = await heartbeats(flags);
    expect(code).toBe(exitCodes.ok);
    expect(said).toEqual([beat('online')]);
  },
);

test.each([
  ['that refuses the login', { password: 'wrong' }, 'check user, password and database of database_url'],
  ['that does not answer', { port: '1' }, 'check database_url and the way to it'],
])('the log says what to do about a database %s', async (_what, change, next) => {
  const databaseUrl = Object.assign(new URL(db.url), change).href;
  const { lines } = await heartbeats({ databaseUrl });
  expect(lines).toContainEqual(['database_away', expect.objectContaining({ next })]);
});
