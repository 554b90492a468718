import { verifyLedger } from '@countersign/protocol/ledger';
import { receiptTableSql } from '@countersign/runner/databases/postgres/receipts-sql';
import { jobFailpoints } from '@countersign/runner/failpoints';
import { afterEach, beforeAll, beforeEach, expect, test } from 'vitest';
import { proposal, SOURCE } from '../support/change-set.ts';
import { WAIVE_IN_SHOP } from '../support/contract.ts';
import type { PostgresServer, TestDatabase } from '../support/postgres-server.ts';
import type { RunnerProcess } from '../support/runner-process.ts';
import { type SharedClockedPlane, sharedClockedPlane } from '../support/shared-planes.ts';
import { sharedPostgres } from '../support/shared-servers.ts';
import type { TestTenant } from '../support/tenant.ts';
import { useRunners } from '../support/use-runners.ts';

/** The whole path on real parts: gateway and tenant in workerd, the built runner as a process, a PostgreSQL server. */

const shopSql = `
  CREATE TABLE invoices (
    id text PRIMARY KEY, tenant_id text NOT NULL, version bigint NOT NULL, late_fee_cents integer);
  INSERT INTO invoices SELECT 'INV-' || n, 'acme', 7, 5500 FROM generate_series(1, 20) AS n;
  ${receiptTableSql('public', 'countersign_receipts')};
`;
const JOBS = 4;
/** Longer than the runner's lease. */
const LEASE_OVER_MS = 61_000;

let server: PostgresServer;
let plane: SharedClockedPlane;
let tenant: TestTenant;
let database: TestDatabase;
const runners = useRunners();

beforeAll(async () => {
  [server, plane] = await Promise.all([sharedPostgres(), sharedClockedPlane()]);
  await server.template('shop', shopSql);
});

beforeEach(async () => {
  [tenant, database] = await Promise.all([plane.tenant(), server.clone('shop')]);
});

afterEach(async () => {
  await runners.kill();
  await database.drop();
});

function startRunner(runnerId: string, failpoint?: string): RunnerProcess {
  const table = {
    primary_key: 'id',
    tenant: { column: 'tenant_id' },
    version: { column: 'version', advance: 'integer' },
    columns: ['late_fee_cents'],
  };
  const source = {
    engine: 'postgres',
    database_url: { env: 'SHOP_URL' },
    tables: { 'public.invoices': table },
  };
  const config = {
    control_plane: { url: plane.origin, token: { env: 'TOKEN' }, project_id: tenant.project },
    runner_id: runnerId,
    sources: { [SOURCE]: source },
  };
  const secrets = { TOKEN: tenant.runner.token, SHOP_URL: database.url };
  return runners.start(config, { secrets, failpoint });
}

/** Proposes the waiver of an invoice's fee, as of a version, and has it approved. */
async function approve(invoiceId: string, version = 7): Promise<string> {
  const made = await tenant.service.post(
    '/v1/proposals',
    proposal({
      action: WAIVE_IN_SHOP,
      scope: { tenant_id: 'acme', business_object: 'invoice', object_id: invoiceId },
      source: {
        kind: 'external_postgres',
        source_id: SOURCE,
        schema: 'public',
        table: 'invoices',
        primary_key: { column: 'id', value: invoiceId },
      },
      guards: {
        tenant: { column: 'tenant_id', value: 'acme' },
        allowed_columns: ['late_fee_cents'],
        expected_version: { column: 'version', value: version },
      },
    }),
  );
  const id = String(made.body.proposal_id);
  const decided = await tenant.ada.post(`/v1/proposals/${id}/approve`);
  expect([made.status, decided.status]).toEqual([201, 200]);
  return id;
}

/** The proposal when it has ended; leases that a dead runner left are made to lapse meanwhile. */
async function ended(id: string): Promise<string> {
  let { body } = await tenant.service.get(`/v1/proposals/${id}`);
  while (body.terminal !== true) {
    ({ body } = await tenant.service.get(`/v1/proposals/${id}?wait_seconds=2&after=${body.ledger_seq}`));
    if (body.terminal !== true) await plane.advance(tenant, LEASE_OVER_MS);
  }
  return String(body.status);
}

async function expectWholeRecord(): Promise<void> {
  const { body } = await tenant.olivia.get('/v1/ledger?limit=500');
  expect(verifyLedger(tenant.project, body.entries ?? [])).toMatchObject({ ok: true });
}

test.each(jobFailpoints)('killed at %s, each approved change is applied exactly once', async (failpoint) => {
  const ids = await Promise.all(Array.from({ length: JOBS }, (_, place) => approve(`INV-${place + 1}`)));
  const doomed = startRunner('doomed', `${failpoint}:kill`);
  expect(await doomed.exit()).toBe('SIGKILL');
  startRunner('successor');
  expect(await Promise.all(ids.map(ended))).toEqual(ids.map(() => 'applied'));
  const rows = await database.query(
    "SELECT version, late_fee_cents AS fee FROM invoices WHERE id <= 'INV-4' AND length(id) = 5",
  );
  expect(rows).toEqual(ids.map(() => ({ version: '8', fee: '0' })));
  const receipts = await database.query('SELECT proposal_id, status FROM countersign_receipts ORDER BY 1');
  expect(receipts).toEqual([...ids].sort().map((proposal_id) => ({ proposal_id, status: 'applied' })));
  await expectWholeRecord();
});

test('a change that an edit overtook ends in a conflict, and the edit stands', async () => {
  await database.query("UPDATE invoices SET late_fee_cents = 1, version = 8 WHERE id = 'INV-1'");
  const id = await approve('INV-1');
  startRunner('only');
  expect(await ended(id)).toBe('conflict');
  const rows = await database.query("SELECT version, late_fee_cents AS fee FROM invoices WHERE id = 'INV-1'");
  expect(rows).toEqual([{ version: '8', fee: '1' }]);
  await expectWholeRecord();
});

test('two runners share a queue, and SIGTERM leaves nothing behind', async () => {
  const [one, two] = [startRunner('one'), startRunner('two')];
  await Promise.all([one.logged('ready'), two.logged('ready')]);
  const ids = await Promise.all(Array.from({ length: 12 }, (_, place) => approve(`INV-${place + 1}`)));
  one.process.kill('SIGTERM');
  expect(await one.exit()).toBe(0);
  expect(await Promise.all(ids.map(ended))).toEqual(ids.map(() => 'applied'));
  two.process.kill('SIGTERM');
  expect(await two.exit()).toBe(0);
  const receipts = await database.query('SELECT count(*) AS count FROM countersign_receipts');
  expect(receipts).toEqual([{ count: String(ids.length) }]);
  await expectWholeRecord();
});
