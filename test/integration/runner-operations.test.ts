import {
  sampleCompensation,
  sampleDelete,
  sampleInsert,
  sampleSet,
  sampleUpdate,
} from '@countersign/protocol/change-set/sample-change-sets';
import { contractDigest } from '@countersign/protocol/contract/contract-digest';
import { parcelsContract } from '@countersign/protocol/contract/sample-parcels';
import { receiptTableSql } from '@countersign/runner/databases/postgres/receipts-sql';
import { afterEach, beforeAll, beforeEach, expect, test } from 'vitest';
import { SOURCE } from '../support/change-set.ts';
import { pushRequest } from '../support/contract.ts';
import { approve } from '../support/flow.ts';
import { must } from '../support/must.ts';
import type { PostgresServer, TestDatabase } from '../support/postgres-server.ts';
import { type SharedPlane, sharedPlane } from '../support/shared-planes.ts';
import { sharedPostgres } from '../support/shared-servers.ts';
import type { TestTenant } from '../support/tenant.ts';
import { useRunners } from '../support/use-runners.ts';

/** The operations beyond one update, on real parts: the plane in workerd, the built runner, a PostgreSQL server. */

type Fields = Readonly<Record<string, unknown>>;

const shopSql = `
  CREATE TABLE parcels (
    id text, tenant_id text, version bigint NOT NULL DEFAULT 1, fee_cents integer, state text, PRIMARY KEY (tenant_id, id));
  INSERT INTO parcels SELECT id, tenant, 7, 900, 'held'
    FROM unnest(ARRAY['P-1', 'P-2']) AS id, unnest(ARRAY['acme', 'globex']) AS tenant;
  ${receiptTableSql('public', 'countersign_receipts')};
`;
const foreign = ['globex P-1 7 900 held', 'globex P-2 7 900 held'];

let server: PostgresServer;
let plane: SharedPlane;
let tenant: TestTenant;
let database: TestDatabase;
let contract: Fields;
const digest = contractDigest(parcelsContract());
const runners = useRunners();

beforeAll(async () => {
  [server, plane] = await Promise.all([sharedPostgres(), sharedPlane()]);
  await server.template('parcels', shopSql);
});

beforeEach(async () => {
  [tenant, database] = await Promise.all([plane.tenant(), server.clone('parcels')]);
  const path = `/v1/control/projects/${tenant.project}/agent-contracts`;
  const pushed = must(await tenant.olivia.post(path, pushRequest(parcelsContract()))).body;
  contract = {
    contract_id: pushed.contract_id,
    contract_version_id: pushed.contract_version_id,
    digest,
  };
  const table = {
    primary_key: 'id',
    tenant: { column: 'tenant_id', values: ['acme'] },
    version: { column: 'version', advance: 'integer' },
    columns: ['fee_cents', 'state'],
    operations: {
      insert: { deduplication_columns: ['id', 'tenant_id'] },
      delete: {},
      sets: { max_rows: 2 },
      compensations: true,
    },
  };
  const source = {
    engine: 'postgres',
    alias: 'main_db',
    database_url: { env: 'SHOP_URL' },
    tables: { 'public.parcels': table },
  };
  const config = {
    control_plane: { url: plane.origin, token: { env: 'TOKEN' } },
    runner_id: 'only',
    sources: { [SOURCE]: source },
  };
  runners.start(config, { secrets: { TOKEN: tenant.runner.token, SHOP_URL: database.url } });
});

afterEach(async () => {
  await runners.kill();
  await database.drop();
});

let made = 0;
/** An id as runners make them. */
function newId(): string {
  made += 1;
  return `wrp_${made.toString(16).padStart(20, '0')}`;
}

/** The change as a runner proposes it, approved, and as it is told when it has ended. */
async function seenThrough(sample: Fields, action: string, objectId: string) {
  const change_set = {
    ...sample,
    action: `shipping.${action}`,
    contract: { digest, version: '1.0.0' },
    scope: { ...Object(sample.scope), object_id: objectId },
  };
  const { body } = must(
    await tenant.runner.post('/v1/runner/proposals', {
      ...{ schema_version: 'synapsor.runner-proposal.v1', runner_id: 'runner-1', source_id: SOURCE },
      ...{ contract, change_set, evidence_metadata: { payload_uploaded: false } },
      query_audit: { payload_uploaded: false },
    }),
  );
  const id = String(body.proposal_id);
  await approve(tenant.ada, id);
  for (;;) {
    const { body: told } = await tenant.service.get(`/v1/proposals/${id}?wait_seconds=2`);
    if (told.terminal === true) return told;
  }
}

async function parcels(): Promise<readonly string[]> {
  const rows = await database.query(`SELECT concat_ws(' ', tenant_id, id, version, fee_cents, state) AS row
    FROM parcels ORDER BY tenant_id, id`);
  return rows.map(({ row }) => String(row));
}

test('an update is made, and taken back by its reverse', async () => {
  const id = newId();
  const done = await seenThrough(sampleUpdate(id), 'propose_fee_change', 'P-1');
  expect(done).toMatchObject({ status: 'applied', result: { discrepancy: null } });
  expect(await parcels()).toEqual(['acme P-1 8 0 held', 'acme P-2 7 900 held', ...foreign]);
  const forward = { proposal_id: id, receipt: String(Object(done.result).receipt_id) };
  const back = await seenThrough(sampleCompensation(newId(), forward), 'propose_fee_change', 'P-1');
  expect(back).toMatchObject({ status: 'applied', result: { discrepancy: null } });
  expect(await parcels()).toEqual(['acme P-1 9 900 held', 'acme P-2 7 900 held', ...foreign]);
});

test('a row is added, and another one removed', async () => {
  const id = newId();
  expect(await seenThrough(sampleInsert(id), 'add_parcel', id)).toMatchObject({ status: 'applied' });
  expect(await seenThrough(sampleDelete(newId()), 'remove_parcel', 'P-1')).toMatchObject({
    status: 'applied',
  });
  expect(await parcels()).toEqual(['acme P-2 7 900 held', `acme ${id} 1 250 new`, ...foreign]);
});

test('a set is written whole, and one that has changed is a conflict that leaves all of it', async () => {
  const first = await seenThrough(sampleSet(newId(), 'set_update'), 'waive_fees', 'set-1');
  expect(first).toMatchObject({ status: 'applied', result: { affected_rows: 2, discrepancy: null } });
  expect(await parcels()).toEqual(['acme P-1 8 0 held', 'acme P-2 8 0 held', ...foreign]);
  const second = await seenThrough(sampleSet(newId(), 'set_delete'), 'clear_parcels', 'set-1');
  expect(second).toMatchObject({ status: 'conflict', result: { error_code: 'SET_DRIFT_CONFLICT' } });
  expect(await parcels()).toHaveLength(4);
});
