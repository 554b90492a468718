import { digest } from '@countersign/protocol/canonical-json';
import { type ChangeSet, changeSetSchema } from '@countersign/protocol/change-set';
import {
  freeze,
  sampleCompensation,
  sampleDelete,
  sampleInsert,
  sampleMember,
  sampleSet,
  sampleUpdate,
} from '@countersign/protocol/change-set/sample-change-sets';
import { jobOf } from '@countersign/protocol/job/job-of';
import { sampleLeased } from '@countersign/protocol/job/sample-leased';
import { describe, expect, test } from 'vitest';
import { runnerConfigSchema, type SourceConfig } from '../config/runner-config.ts';
import { operationReasons, type RefusalReason } from './refusal-reasons.ts';
import { sampleConfig } from './sample-job.ts';
import { verifyClaim } from './verify-claim.ts';

type Fields = Readonly<Record<string, unknown>>;

const everything = {
  insert: { deduplication_columns: ['id', 'tenant_id'] },
  delete: {},
  sets: { max_rows: 3 },
  compensations: true,
};

/** A source that knows the parcels of the samples, and allows so much of them. */
function sourceWith(operations: Fields | undefined, table: Fields = {}): SourceConfig {
  const { sources } = runnerConfigSchema.parse({
    ...sampleConfig,
    sources: {
      src_parcels: {
        engine: 'postgres',
        alias: 'main_db',
        database_url: { env: 'PARCELS_DATABASE_URL' },
        tables: {
          'public.parcels': {
            primary_key: 'id',
            tenant: { column: 'tenant_id', values: ['acme'] },
            version: { column: 'version', advance: 'integer' },
            columns: ['fee_cents', 'state'],
            protected_columns: ['sender'],
            ...(operations === undefined ? {} : { operations }),
            ...table,
          },
        },
      },
    },
  });
  const { src_parcels: source } = sources;
  if (source === undefined) throw new Error('the sample has no source');
  return source;
}

/** The job of a change set, as a claim holds it; what follows `spoil` is whatever a control plane might have made of it. */
function claimed(sample: Fields, spoil: (job: Record<string, unknown>) => void = () => undefined): unknown {
  const changeSet: ChangeSet = changeSetSchema.parse(sample);
  const job = structuredClone(jobOf(changeSet, sampleLeased(changeSet)));
  spoil(Object(job));
  return job;
}

function verify(value: unknown, source = sourceWith(everything)) {
  return verifyClaim({ sourceId: 'src_parcels', projectId: undefined, source }, value);
}

const forward = { proposal_id: 'wrp_u', receipt: `sha256:${'f'.repeat(64)}` };
const compensation = sampleCompensation('wrp_c', forward);
const members = (count: number) =>
  Array.from({ length: count }, (_, place) => sampleMember('set_update', `P-${place + 1}`));

describe('a job', () => {
  test('of one update becomes the plan of a plain write', () => {
    expect(verify(claimed(sampleUpdate('wrp_u')))).toMatchObject({
      kind: 'accepted',
      plan: {
        table: 'public.parcels',
        primaryKey: 'P-1',
        tenant: 'acme',
        expectedVersion: '7',
        columns: ['fee_cents'],
        values: ['0'],
        jobId: 'wbj_wrp_u',
      },
      answer: { version: '2.0', operation: 'single_row_update', identity: [{ column: 'id', value: 'P-1' }] },
    });
  });

  test('of an insert names the row by what makes it the only one, and writes tenant and key itself', () => {
    expect(verify(claimed(sampleInsert('wrp_i')))).toMatchObject({
      plan: {
        action: 'insert',
        rows: [
          {
            key: 'wrp_i',
            expected: [],
            set: [
              { column: 'id', text: 'wrp_i' },
              { column: 'tenant_id', text: 'acme' },
              { column: 'fee_cents', text: '250' },
              { column: 'state', text: 'new' },
            ],
            identity: [
              { column: 'id', text: 'wrp_i' },
              { column: 'tenant_id', text: 'acme' },
            ],
          },
        ],
        receiptTarget: 'wrp_i',
      },
    });
  });

  test('of a set locks its rows in one order, whatever order the set has', () => {
    const set = freeze('set_update', [sampleMember('set_update', 'a'), sampleMember('set_update', 'B')]);
    expect(verify(claimed(sampleSet('wrp_s', 'set_update', set)))).toMatchObject({
      plan: { rows: [{ key: 'B' }, { key: 'a' }], receiptTarget: set.set_digest },
      answer: { version: '3.0', setDigest: set.set_digest, identities: [{ value: 'a' }, { value: 'B' }] },
    });
  });

  test('that takes back an update expects all that the update left', () => {
    expect(verify(claimed(compensation))).toMatchObject({
      plan: {
        action: 'update',
        rows: [
          {
            expected: [
              { column: 'fee_cents', text: '0' },
              { column: 'state', text: 'held' },
              { column: 'version', text: '8' },
            ],
          },
        ],
        drift: { changed: 'ROW_CHANGED_AFTER_PROPOSAL' },
      },
    });
  });

  test('under two leases is dropped', () => {
    const torn = claimed(sampleDelete('wrp_d'), (job) => {
      job.lease = { ...Object(job.lease), lease_id: 'lse_2' };
    });
    expect(verify(torn)).toEqual({ kind: 'dropped', jobId: 'wbj_wrp_d', reason: 'LEASE_NOT_MINE' });
  });

  test('that does not say what it is about can only be dropped', () => {
    const nothing = claimed(sampleDelete('wrp_d'), (job) => {
      delete job.target;
    });
    expect(verify(nothing)).toMatchObject({ kind: 'dropped', jobId: 'wbj_wrp_d' });
  });
});

describe('the configuration alone decides', () => {
  const set = (operation: 'set_update' | 'set_delete' | 'batch_insert') => sampleSet('wrp_s', operation);
  test.each<[string, Fields, readonly string[]]>([
    ['an update', sampleUpdate('wrp_u'), []],
    ['an insert', sampleInsert('wrp_i'), ['insert']],
    ['a delete', sampleDelete('wrp_d'), ['delete']],
    ['a set of updates', set('set_update'), ['sets']],
    ['a set of deletes', set('set_delete'), ['sets', 'delete']],
    ['a batch of inserts', set('batch_insert'), ['sets', 'insert']],
    ['a compensation', compensation, ['compensations']],
  ])('%s needs the words %j, all of them, and no other', (_what, sample, words) => {
    const only = Object.fromEntries(Object.entries(everything).filter(([word]) => words.includes(word)));
    expect(verify(claimed(sample), sourceWith(only))).toMatchObject({ kind: 'accepted' });
    for (const word of words) {
      const lacking = Object.fromEntries(Object.entries(everything).filter(([name]) => name !== word));
      expect(verify(claimed(sample), sourceWith(lacking))).toMatchObject({
        kind: 'refused',
        reason: 'OPERATION_NOT_ALLOWED',
      });
    }
    const expected = words.length === 0 ? 'accepted' : 'refused';
    expect(verify(claimed(sample), sourceWith(undefined))).toMatchObject({ kind: expected });
  });
});

/** Spoils a field that lies at such a path. */
function having(path: string, value: unknown): (job: Record<string, unknown>) => void {
  return (job) => {
    const names = path.split('.');
    const last = names.pop() ?? '';
    const holder = names.reduce((inner, name) => Object(inner[name]), job);
    holder[last] = value;
  };
}

const dependency = {
  id: 'other',
  capability: 'shipping.read_parcel',
  source_id: 'main_db',
  engine: 'postgres',
  target: {
    schema: 'public',
    table: 'parcels',
    primary_key: { column: 'id', value: 'P-2' },
    tenant_column: 'tenant_id',
  },
  expected_version: { column: 'version', value: 7 },
  evidence: { bundle_id: 'evb_1', query_fingerprint: 'sha256:qf' },
};

function authorityOf(change: Fields = {}): Fields {
  const changed = { ...dependency, ...change };
  const authority = {
    schema_version: 'synapsor.freshness-authority.v1',
    required: true,
    target: { mode: 'exact_guard', member_count: 1 },
    dependencies: [{ ...changed, descriptor_digest: digest(changed) }],
  };
  return { ...authority, dependency_set_digest: digest(authority) };
}
const ofTarget = (change: Fields) => authorityOf({ target: { ...dependency.target, ...change } });

const update = sampleUpdate('wrp_u');
const insert = sampleInsert('wrp_i');
const removal = sampleDelete('wrp_d');
const setUpdate = sampleSet('wrp_s', 'set_update');
const batch = sampleSet('wrp_b', 'batch_insert');
const notes = { columns: ['fee_cents', 'state', 'note'] };

const hostile: [name: string, value: () => unknown, reason: RefusalReason, source?: SourceConfig][] = [
  ['a field that nobody knows', () => claimed(update, having('force', true)), 'JOB_UNKNOWN_FIELD'],
  ['another source', () => claimed(removal, having('source_id', 'src_other')), 'SOURCE_NOT_MINE'],
  ['another engine', () => claimed(removal, having('engine', 'mysql')), 'ENGINE_MISMATCH'],
  [
    'a table that is not configured',
    () => claimed(removal, having('target.table', 'users')),
    'TABLE_NOT_CONFIGURED',
  ],
  [
    'a table called as all objects have',
    () => claimed(removal, having('target.table', 'constructor')),
    'TABLE_NOT_CONFIGURED',
  ],
  [
    'another key',
    () => claimed(removal, having('target.primary_key.column', 'tracking')),
    'PRIMARY_KEY_MISMATCH',
  ],
  [
    'another tenant',
    () => claimed(removal, having('target.tenant_guard.value', 'globex')),
    'TENANT_NOT_ALLOWED',
  ],
  [
    'another tenant column',
    () => claimed(removal, having('target.tenant_guard.column', 'state')),
    'TENANT_COLUMN_MISMATCH',
  ],
  [
    'another version column',
    () => claimed(removal, having('conflict_guard.column', 'revision')),
    'VERSION_COLUMN_MISMATCH',
  ],
  [
    'a version that is none',
    () => claimed(removal, having('conflict_guard.expected_value', '7 or so')),
    'VALUE_TYPE',
  ],
  [
    'a key that no database can be sent',
    () => claimed(removal, having('target.primary_key.value', 'P\u0000')),
    'VALUE_TYPE',
  ],
  [
    'a column outside those allowed',
    () => claimed(update, having('patch.sender', 'me')),
    'PATCH_OUTSIDE_ALLOWED',
  ],
  [
    'its own key among those allowed',
    () => claimed(update, having('allowed_columns', ['fee_cents', 'id'])),
    'PROTECTED_COLUMN',
  ],
  [
    'a column that is not configured',
    () => claimed(update, having('allowed_columns', ['fee_cents', 'weight'])),
    'COLUMN_NOT_CONFIGURED',
  ],
  [
    'a protected column',
    () => claimed(insert, having('allowed_columns', ['fee_cents', 'state', 'sender'])),
    'PROTECTED_COLUMN',
  ],
  [
    'a key with line breaks',
    () => claimed(insert, having('idempotency_key', 'k\n1')),
    'IDEMPOTENCY_KEY_INVALID',
  ],
  [
    'a version that moves otherwise',
    () => claimed(update, having('version_advance.strategy', 'database_generated')),
    'VERSION_COLUMN_MISMATCH',
  ],
  [
    'an insert kept apart by other columns',
    () =>
      claimed(
        insert,
        having('deduplication.components', [
          { column: 'id', value: 'wrp_i', source: 'proposal_id' },
          { column: 'tenant_id', value: 'acme', source: 'trusted_tenant' },
          { column: 'note', value: 'x', source: 'fixed' },
        ]),
      ),
    'DEDUPLICATION_MISMATCH',
    sourceWith(everything, notes),
  ],
  [
    "an insert into another tenant's rows",
    () => claimed(insert, having('deduplication.components.1.value', 'globex')),
    'DEDUPLICATION_MISMATCH',
  ],
  [
    'an insert in the name of another proposal',
    () => claimed(insert, having('deduplication.components.0.value', 'wrp_other')),
    'DEDUPLICATION_MISMATCH',
  ],
  [
    'more rows than may be',
    () => claimed(sampleSet('wrp_s', 'set_update', freeze('set_update', members(4)))),
    'SET_TOO_LARGE',
  ],
  [
    'a member more than was counted',
    () => claimed(setUpdate, having('frozen_set.row_count', 1)),
    'SET_INVALID',
  ],
  [
    'a member that was exchanged',
    () => claimed(setUpdate, having('frozen_set.members.1.primary_key.value', 'P-9')),
    'SET_INVALID',
  ],
  [
    "a member's value that was exchanged",
    () => claimed(setUpdate, having('frozen_set.members.0.after.fee_cents', 1)),
    'SET_INVALID',
  ],
  [
    'a sum that was exchanged',
    () => claimed(setUpdate, having('frozen_set.aggregate_bounds.0.actual', 1)),
    'SET_INVALID',
  ],
  [
    "another tenant's member",
    () => claimed(setUpdate, having('frozen_set.members.0.before.tenant_id', 'globex')),
    'SET_INVALID',
  ],
  [
    'a column that may neither be written nor shown',
    () => claimed(sampleSet('wrp_s', 'set_update', freeze('set_update', [withBefore({ weight: 12 })]))),
    'COLUMN_NOT_READABLE',
  ],
  [
    'a batch that sets a column which is not configured',
    () => claimed(batch, having('allowed_columns', ['fee_cents', 'state', 'weight'])),
    'COLUMN_NOT_CONFIGURED',
  ],
  [
    'a reverse of something else',
    () => claimed(compensation, having('compensation.target.table', 'users')),
    'COMPENSATION_INVALID',
  ],
  [
    'a reverse without what was left',
    () => claimed(compensation, having('compensation.members.0.expected_state', {})),
    'COMPENSATION_INVALID',
  ],
  [
    'a dependency that was exchanged',
    () => claimed(update, having('freshness', { ...authorityOf(), required: false })),
    'FRESHNESS_UNSUPPORTED',
  ],
  [
    'a dependency on a table that is not configured',
    () => claimed(update, having('freshness', ofTarget({ table: 'users' }))),
    'DEPENDENCY_NOT_ALLOWED',
  ],
  [
    'a dependency by another key',
    () => claimed(update, having('freshness', ofTarget({ primary_key: { column: 'state', value: 'x' } }))),
    'DEPENDENCY_NOT_ALLOWED',
  ],
  [
    'a dependency without its tenant',
    () => claimed(update, having('freshness', ofTarget({ tenant_column: 'state' }))),
    'DEPENDENCY_NOT_ALLOWED',
  ],
  [
    'a dependency on what belongs to a person',
    () => claimed(update, having('freshness', ofTarget({ principal_column: 'sender' }))),
    'PRINCIPAL_SCOPE_UNSUPPORTED',
  ],
  [
    'a dependency in another source',
    () => claimed(update, having('freshness', authorityOf({ source_id: 'src_x' }))),
    'SOURCE_NOT_MINE',
  ],
  [
    'a dependency on another version column',
    () =>
      claimed(
        update,
        having('freshness', authorityOf({ expected_version: { column: 'state', value: 'x' } })),
      ),
    'VERSION_COLUMN_MISMATCH',
  ],
  [
    'an operation that is not allowed',
    () => claimed(removal),
    'OPERATION_NOT_ALLOWED',
    sourceWith(undefined),
  ],
];

function withBefore(shown: Fields) {
  const member = sampleMember('set_update', 'P-1');
  const before = { ...member.before, ...shown };
  const after = { ...member.after, ...shown };
  const key = member.primary_key.value;
  return JSON.parse(
    JSON.stringify({
      ...{ ...member, before, after },
      before_digest: digest({ primary_key: key, before }),
      after_digest: digest({ primary_key: key, after }),
    }),
  );
}

describe('a job is refused', () => {
  test.each(hostile)('that has %s', (_name, value, reason, source) => {
    expect(verify(value(), source)).toMatchObject({ kind: 'refused', leaseId: 'lse_1', reason });
  });

  test('for every reason that there is', () => {
    const reached = new Set(hostile.map(([, , reason]) => reason));
    expect(operationReasons.filter((reason) => !reached.has(reason))).toEqual([]);
  });
});
