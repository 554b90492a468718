import {
  sampleCompensation,
  sampleDelete,
  sampleInsert,
  sampleSet,
  sampleUpdate,
} from '@countersign/protocol/change-set/sample-change-sets';
import { operations } from '@countersign/runner/verify/operation-plan';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { testEngines } from '../../support/engines.ts';
import { eventually } from '../../support/eventually.ts';
import { FakeControlPlane } from '../../support/fake-control-plane.ts';
import {
  carryOut,
  changeSetOf,
  claimedOf,
  type Fields,
  labels,
  parcels,
  parcelsSql,
} from './support/parcels.ts';
import { ShopRunners } from './support/shop-runner.ts';
import { type Shop, useShop } from './support/use-shop.ts';

/** One of these is logged for each job, however it ends. */
const ENDS = new Set(['job_refused', 'job_dropped', 'job_settled', 'job_not_written', 'job_fault']);
const INJECTION = `'; DROP TABLE parcels; --`;

const tables = {
  labels,
  parcels: { ...parcels, tenant: { column: 'tenant_id', values: ['acme'] }, protected_columns: ['sender'] },
};

const forward = { proposal_id: 'wrp_u', receipt: `sha256:${'f'.repeat(64)}` };
const reverse = (operation: string, states: Fields) =>
  JSON.parse(
    JSON.stringify(
      sampleCompensation(
        'wrp_c',
        forward,
        { before: {}, patch: {}, after: {} },
        {
          operation,
          members: [{ primary_key: { column: 'id', value: 'P-1' }, ...states }],
          version_advance: undefined,
        },
      ),
    ),
  );
const whole = { id: 'P-1', tenant_id: 'acme', fee_cents: 900, state: 'held' };

/** One of each operation, which the configuration allows as it stands. */
const samples: readonly Fields[] = [
  sampleUpdate('wrp_u'),
  sampleInsert('wrp_i'),
  sampleDelete('wrp_d'),
  sampleSet('wrp_s', 'set_update'),
  sampleSet('wrp_s', 'set_delete'),
  sampleSet('wrp_s', 'batch_insert'),
  sampleCompensation('wrp_c', forward),
  reverse('remove_insert', { expected_state: whole }),
  reverse('restore_insert', { expected_state: {}, restore_values: whole }),
];

type Job = Record<string, unknown>;
type Spoil = readonly [name: string, spoil: (job: Job) => void];

/** Sets what lies at a path, if anything does. */
function having(path: string, value: unknown): Spoil {
  return [
    `${path} = ${JSON.stringify(value)?.slice(0, 60)}`,
    (job) => {
      const names = path.split('.');
      const last = names.pop() ?? '';
      const holder = names.reduce<unknown>((inner, name) => Object(inner)[name], job);
      if (typeof holder === 'object' && holder !== null) Object.assign(holder, { [last]: value });
    },
  ];
}

const anywhere: readonly Spoil[] = [
  ...['audit', 'countersign_receipts', 'Parcels', 'notes', 'constructor', '__proto__', INJECTION].map(
    (name) => having('target.table', name),
  ),
  having('target.schema', 'shadow'),
  having('target.primary_key.column', 'tenant_id'),
  having('target.primary_key.column', 'id = id OR id'),
  having('target.tenant_guard.value', 'globex'),
  having('target.tenant_guard.value', null),
  having('target.tenant_guard.column', 'state'),
  having('target.tenant_guard', undefined),
  having('target.principal_scope', {
    ...{ schema_version: 'synapsor.principal-scope.v1', column: 'sender', binding: 'sender' },
    ...{ provider: 'environment', value_fingerprint: 'sha256:00' },
  }),
  having('engine', 'oracle'),
  having('source_id', 'src_other'),
  ...['1.0', '5.0', 2, null].map((version) => having('protocol_version', version)),
  having('allowed_columns', ['fee_cents', 'state', 'id']),
  having('allowed_columns', ['fee_cents', 'state', 'sender']),
  having('allowed_columns', ['fee_cents', 'state', 'version']),
  having('allowed_columns', ['fee_cents = 0, state']),
  having('patch', { fee_cents: 0, sender: 'me' }),
  having('patch', { tenant_id: 'globex' }),
  having('patch', { [INJECTION]: 1 }),
  having('conflict_guard', { kind: 'row_hash', expected_hash: 'x' }),
  having('idempotency_key', ''),
  having('idempotency_key', 'k'.repeat(401)),
  having('idempotency_key', 'k\u0000'),
  having('approval_id', 'approved'),
  having('approval_id', undefined),
  having('lease_id', 'lse_of_another'),
  having('lease', undefined),
  having('write_by', 'tomorrow'),
  having('sql', 'DELETE FROM parcels'),
  having('force', true),
  having('contract', { digest: 'none' }),
];

const ofSets: readonly Spoil[] = [
  having('frozen_set.row_count', 1),
  having('frozen_set.row_count', 101),
  having('frozen_set.max_rows', 1),
  having('frozen_set.max_rows', 1_000),
  having('frozen_set.set_digest', `sha256:${'0'.repeat(64)}`),
  having('frozen_set.members', []),
  having('frozen_set.members.1.primary_key.value', 'P-1'),
  having('frozen_set.members.1.primary_key.value', 'P-3'),
  having('frozen_set.members.1.primary_key.column', 'tenant_id'),
  having('frozen_set.members.0.before.tenant_id', 'globex'),
  having('frozen_set.members.0.after.tenant_id', 'globex'),
  having('frozen_set.members.0.before.fee_cents', 1),
  having('frozen_set.members.0.after.fee_cents', 1),
  having('frozen_set.members.0.sql', INJECTION),
  having('frozen_set.aggregate_bounds', []),
  having('frozen_set.aggregate_bounds.0.actual', 0.5),
  having('frozen_set.aggregate_bounds.0.maximum', 0),
];

const ofCompensations: readonly Spoil[] = [
  having('compensation.operation', 'drop_table'),
  having('compensation.availability', 'best_effort_unavailable'),
  having('compensation.target.table', 'audit'),
  having('compensation.target.primary_key_column', 'tenant_id'),
  having('compensation.tenant_guard.value', 'globex'),
  having('compensation.members', []),
  having('compensation.members.0.primary_key.column', 'tenant_id'),
  having('compensation.members.0.restore_values', { tenant_id: 'globex' }),
  having('compensation.members.0.expected_state', { sender: 'me' }),
  having('compensation.max_rows', 0),
  having('compensation.allowed_columns', ['fee_cents', 'state', 'sender']),
  having('forward_receipt_hash', 'none'),
];

const ofSingles: readonly Spoil[] = [
  ...[null, '', true, 1.5, { $gt: '' }, ['P-1'], 'P\u0000'].map((key) =>
    having('target.primary_key.value', key),
  ),
  having('deduplication', { components: [] }),
  having('deduplication.components.1.value', 'globex'),
  having('deduplication.components.0.value', 'wrp_other'),
  having('deduplication.components.0.column', 'state'),
  having('conflict_guard', { kind: 'none' }),
  having('conflict_guard.column', 'fee_cents'),
  having('conflict_guard.expected_value', '7 OR 1=1'),
  having('version_advance', { column: 'fee_cents', strategy: 'integer_increment' }),
  having('freshness', { required: false }),
  having('freshness', null),
];

function spoilsOf(job: Job): readonly Spoil[] {
  const others = operations.filter((operation) => operation !== job.operation);
  const own = { '2.0': ofSingles, '3.0': ofSets, '4.0': ofCompensations }[String(job.protocol_version)] ?? [];
  return [...anywhere, ...own, ...others.map((operation) => having('operation', operation))];
}

interface Sent {
  readonly name: string;
  readonly text: string;
}

/** Every operation with each thing that can be wrong with it; what a spoil does not touch is left out. */
function everyCase(shop: Shop): readonly Sent[] {
  const cases = samples.flatMap((sample) => {
    const good: Job = Object(claimedOf(changeSetOf(shop, sample)));
    return spoilsOf(good).map(([name, spoil]) => {
      const spoiled = structuredClone(good);
      spoil(spoiled);
      return {
        name: `${good.operation}: ${name}`,
        text: JSON.stringify(spoiled),
        isSame: JSON.stringify(good),
      };
    });
  });
  return cases.filter(({ isSame, text }) => text !== isSame);
}

let runners: ShopRunners;
beforeAll(async () => {
  runners = await ShopRunners.create();
});
afterAll(() => runners.remove());

describe.each(await testEngines())('$name:', (engine) => {
  const shop = useShop(engine, parcelsSql);
  let plane: FakeControlPlane;

  beforeEach(async () => {
    plane = await FakeControlPlane.start();
  });
  afterEach(async () => {
    await runners.kill();
    await plane.stop();
  });

  async function everything() {
    const names = ['parcels', 'labels', 'invoices', 'notes', 'local_notes', 'audit'];
    const all: Record<string, unknown> = {};
    for (const name of [...names, 'countersign_receipts'])
      all[name] = await shop.db.query(`SELECT * FROM ${name} ORDER BY 1`);
    return all;
  }

  test('no job that is wrong in one thing changes a row, or leaves a receipt', async () => {
    const cases = everyCase(shop);
    expect(cases.length).toBeGreaterThan(400);
    const before = await everything();
    const runner = await runners.start(shop, plane, { tables, alias: 'main_db', lanes: 50 });
    await runner.logged('ready');
    for (const { text } of cases) plane.queueRaw(JSON.parse(text));
    const ended = () => runner.lines.filter(({ event }) => ENDS.has(event));
    await eventually(
      async () => ended().length,
      (count) => count >= cases.length,
    );
    const others = ended().filter(({ event }) => event !== 'job_refused' && event !== 'job_dropped');
    expect(others).toEqual([]);
    expect(await everything()).toEqual(before);
    expect(runner.text).not.toContain('DROP TABLE');
    // And an ordinary one after all of these.
    plane.queueRaw(claimedOf(changeSetOf(shop, sampleInsert('wrp_good'))));
    await plane.until(() => plane.results.some(({ status }) => status === 'applied'));
  }, 120_000);

  test.each([INJECTION, '\\', `\\' OR 1=1 --`, '$1', '%s', "''", '"', '`', '\u202e', 'NULL', 'true'])(
    'the value %j is written as the text that it is, and nothing else',
    async (state) => {
      const value = state.slice(0, 20);
      const after = { fee_cents: 1, state: value, id: 'wrp_i', tenant_id: 'acme' };
      const insert = sampleInsert('wrp_i', { patch: { fee_cents: 1, state: value }, after });
      expect(await carryOut(shop, insert)).toMatchObject({ kind: 'applied' });
      const rows = await shop.db.query(`SELECT state FROM parcels WHERE id = 'wrp_i'`);
      expect(rows).toEqual([{ state: value }]);
      const removal = reverse('remove_insert', { expected_state: after });
      const [member] = removal.compensation.descriptor.members;
      member.primary_key.value = 'wrp_i';
      removal.source.primary_key.value = 'wrp_i';
      expect(await carryOut(shop, removal)).toMatchObject({ kind: 'applied' });
      expect(await shop.db.query(`SELECT count(*) AS n FROM parcels`)).toEqual([{ n: '4' }]);
    },
  );
});
