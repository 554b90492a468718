import { digest } from '@countersign/protocol/canonical-json';
import { describe, expect, test } from 'vitest';
import { runnerConfigSchema } from '../config/runner-config.ts';
import { type RefusalReason, refusalReasons } from './refusal-reasons.ts';
import { sampleConfig, sampleJob } from './sample-job.ts';
import { type VerifyScope, verifyJob } from './verify-job.ts';

const source = sampleConfig.sources.src_shop;
if (source === undefined) throw new Error('the sample has no source');
const scope: VerifyScope = { sourceId: 'src_shop', projectId: 'acme-prod', source };

/** A job as it comes off the wire, of which each case spoils something. */
type Draft = Record<string, unknown>;
type Spoil = (job: Draft) => void;

function spoiled(spoil: Spoil): unknown {
  const job: Draft = JSON.parse(JSON.stringify(sampleJob));
  spoil(job);
  return job;
}

/** The object that holds the last name of a dotted path, and that name. */
function place(job: Draft, path: string): [holder: Draft, name: string] {
  const names = path.split('.');
  const last = names.pop() ?? '';
  const holder = names.reduce((inner, name) => Object(inner[name]), job);
  return [holder, last];
}

function without(path: string): Spoil {
  return (job) => {
    const [holder, name] = place(job, path);
    delete holder[name];
  };
}

function having(path: string, value: unknown): Spoil {
  return (job) => {
    const [holder, name] = place(job, path);
    holder[name] = value;
  };
}

const principalScope = {
  schema_version: 'synapsor.principal-scope.v1',
  column: 'owner',
  binding: 'owner',
  provider: 'environment',
  value_fingerprint: digest('somebody'),
};

const hostile: [name: string, spoil: Spoil, reason: RefusalReason][] = [
  // Not of the wire's form
  ['no schema version', without('schema_version'), 'JOB_MALFORMED'],
  ['another schema version', having('schema_version', 'synapsor.writeback-job.v2'), 'JOB_MALFORMED'],
  ['another operation', having('operation', 'single_row_delete'), 'JOB_MALFORMED'],
  ['no job id', without('writeback_job_id'), 'JOB_MALFORMED'],
  ['an empty job id', having('writeback_job_id', ''), 'JOB_MALFORMED'],
  ['a job id with a line break', having('writeback_job_id', 'wbj_\n1'), 'JOB_MALFORMED'],
  ['a job id with half a character', having('writeback_job_id', 'wbj_\ud800'), 'JOB_MALFORMED'],
  ['a proposal id that is SQL', having('proposal_id', `x'; DROP TABLE invoices`), 'JOB_MALFORMED'],
  ['no target', without('target'), 'JOB_MALFORMED'],
  ['no primary key', without('target.primary_key'), 'JOB_MALFORMED'],
  ['no lease', without('lease'), 'JOB_MALFORMED'],
  ['an attempt of zero', having('lease.attempt', 0), 'JOB_MALFORMED'],
  ['a lease that ends at no time', having('lease.expires_at', 'tomorrow'), 'JOB_MALFORMED'],
  ['a lease id with a NUL', having('lease.lease_id', 'lse\u0000'), 'JOB_MALFORMED'],
  ['an empty patch', having('patch', {}), 'JOB_MALFORMED'],
  ['no patch', without('patch'), 'JOB_MALFORMED'],
  ['a patch that is a list', having('patch', [1]), 'JOB_MALFORMED'],
  ['no allowed columns', having('allowed_columns', []), 'JOB_MALFORMED'],
  // Fields that nobody here has agreed to
  ['an unknown field', having('force', true), 'JOB_UNKNOWN_FIELD'],
  ['an unknown field in the target', having('target.where', '1=1'), 'JOB_UNKNOWN_FIELD'],
  ['an unknown field in the lease', having('lease.extend', 60), 'JOB_UNKNOWN_FIELD'],
  ['an unknown field in the guard', having('conflict_guard.unless', 'x'), 'JOB_UNKNOWN_FIELD'],
  ['SQL of its own', having('sql', 'UPDATE invoices SET late_fee_cents = 0'), 'JOB_UNKNOWN_FIELD'],
  // Not for this runner
  ['another source', having('runner_scope.source_id', 'src_other'), 'SOURCE_NOT_MINE'],
  ['another project', having('runner_scope.project_id', 'globex-prod'), 'PROJECT_MISMATCH'],
  ['another engine', having('engine', 'mysql'), 'ENGINE_MISMATCH'],
  ['an engine that is none', having('engine', 'oracle'), 'ENGINE_MISMATCH'],
  // What the approval is bound to
  ['no proposal hash', without('proposal_hash'), 'PROPOSAL_HASH_INVALID'],
  ['an empty proposal hash', having('proposal_hash', ''), 'PROPOSAL_HASH_INVALID'],
  ['a proposal hash of another kind', having('proposal_hash', 'md5:00'), 'PROPOSAL_HASH_INVALID'],
  [
    'a proposal hash with a control character',
    having('proposal_hash', 'sha256:\u0007'),
    'PROPOSAL_HASH_INVALID',
  ],
  ['no proposal version', without('proposal_version'), 'PROPOSAL_VERSION_INVALID'],
  ['a proposal version of zero', having('proposal_version', 0), 'PROPOSAL_VERSION_INVALID'],
  ['no idempotency key', without('idempotency_key'), 'IDEMPOTENCY_KEY_INVALID'],
  ['an empty idempotency key', having('idempotency_key', ''), 'IDEMPOTENCY_KEY_INVALID'],
  ['an endless idempotency key', having('idempotency_key', 'k'.repeat(401)), 'IDEMPOTENCY_KEY_INVALID'],
  ['an idempotency key with a NUL', having('idempotency_key', 'a\u0000b'), 'IDEMPOTENCY_KEY_INVALID'],
  // Identifiers
  ['a schema with a quote', having('target.schema', 'public"'), 'INVALID_IDENTIFIER'],
  ['a table that is SQL', having('target.table', 'invoices; DROP TABLE invoices'), 'INVALID_IDENTIFIER'],
  ['a table with a dot', having('target.table', 'x.invoices'), 'INVALID_IDENTIFIER'],
  ['a key column with a quote', having('target.primary_key.column', 'id" OR "1'), 'INVALID_IDENTIFIER'],
  ['a patch column with a quote', having('patch', { 'late_fee_cents" = 0 --': 1 }), 'INVALID_IDENTIFIER'],
  ['an allowed column with a blank', having('allowed_columns', ['late fee']), 'INVALID_IDENTIFIER'],
  ['a column name that is too long', having('allowed_columns', ['c'.repeat(64)]), 'INVALID_IDENTIFIER'],
  ['a version column with a quote', having('conflict_guard.column', `version'`), 'INVALID_IDENTIFIER'],
  // The table
  ['a table that is not configured', having('target.table', 'users'), 'TABLE_NOT_CONFIGURED'],
  ['the table of another schema', having('target.schema', 'private'), 'TABLE_NOT_CONFIGURED'],
  ['the table in other letters', having('target.table', 'Invoices'), 'TABLE_NOT_CONFIGURED'],
  [
    'a table named as what every object has',
    having('target', { ...sampleJob.target, schema: '__proto__' }),
    'TABLE_NOT_CONFIGURED',
  ],
  ['another key column', having('target.primary_key.column', 'tenant_id'), 'PRIMARY_KEY_MISMATCH'],
  // The tenant
  ['no tenant guard', without('tenant_guard'), 'TENANT_GUARD_MISSING'],
  ['a tenant guard of null', having('tenant_guard', null), 'TENANT_GUARD_MISSING'],
  ['a tenant guard without a value', without('tenant_guard.value'), 'TENANT_GUARD_MISSING'],
  ['a tenant of null', having('tenant_guard.value', null), 'TENANT_GUARD_MISSING'],
  ['a tenant without a name', having('tenant_guard.value', ''), 'TENANT_GUARD_MISSING'],
  ['a tenant guard on another column', having('tenant_guard.column', 'id'), 'TENANT_COLUMN_MISMATCH'],
  ['another tenant', having('tenant_guard.value', 'globex'), 'TENANT_NOT_ALLOWED'],
  ['a tenant that is a list', having('tenant_guard.value', ['acme']), 'VALUE_TYPE'],
  ['a principal scope', having('principal_scope', principalScope), 'PRINCIPAL_SCOPE_UNSUPPORTED'],
  ['a broken principal scope', having('principal_scope', { column: 'owner' }), 'PRINCIPAL_SCOPE_UNSUPPORTED'],
  // The version
  ['no conflict guard', without('conflict_guard'), 'VERSION_GUARD_MISSING'],
  ['a conflict guard of no kind', having('conflict_guard', { kind: 'none' }), 'VERSION_GUARD_MISSING'],
  [
    'a hash as its conflict guard',
    having('conflict_guard', { kind: 'row_hash', expected_hash: 'x' }),
    'VERSION_GUARD_MISSING',
  ],
  ['a conflict guard of an unknown kind', having('conflict_guard.kind', 'lww'), 'VERSION_GUARD_MISSING'],
  ['another version column', having('conflict_guard.column', 'id'), 'VERSION_COLUMN_MISMATCH'],
  ['a version of null', having('conflict_guard.expected_value', null), 'VALUE_TYPE'],
  ['a version that is a truth', having('conflict_guard.expected_value', true), 'VALUE_TYPE'],
  ['a version with a fraction', having('conflict_guard.expected_value', 7.5), 'VALUE_TYPE'],
  ['a version that is SQL', having('conflict_guard.expected_value', '7 OR 1=1'), 'VALUE_TYPE'],
  ['a version beyond exact numbers', having('conflict_guard.expected_value', 2 ** 53), 'VALUE_TYPE'],
  // The columns
  ['the key in the patch', having('patch', { id: 'INV-1' }), 'PROTECTED_COLUMN'],
  ['the tenant in the patch', having('patch', { tenant_id: 'globex' }), 'PROTECTED_COLUMN'],
  ['the version in the patch', having('patch', { version: 1 }), 'PROTECTED_COLUMN'],
  ['a protected column in the patch', having('patch', { created_by: 'me' }), 'PROTECTED_COLUMN'],
  [
    'the tenant among the allowed columns',
    having('allowed_columns', ['late_fee_cents', 'waiver_reason', 'tenant_id']),
    'PROTECTED_COLUMN',
  ],
  [
    'an allowed column that is not configured',
    having('allowed_columns', ['late_fee_cents', 'waiver_reason', 'total']),
    'COLUMN_NOT_CONFIGURED',
  ],
  ['a patch column that is not configured', having('patch', { total: 1 }), 'COLUMN_NOT_CONFIGURED'],
  [
    'a patch outside of what it allows itself',
    having('allowed_columns', ['late_fee_cents']),
    'PATCH_OUTSIDE_ALLOWED',
  ],
  // Values
  ['a key of null', having('target.primary_key.value', null), 'VALUE_TYPE'],
  ['a key without text', having('target.primary_key.value', ''), 'VALUE_TYPE'],
  ['a key that is a truth', having('target.primary_key.value', true), 'VALUE_TYPE'],
  ['a key with a fraction', having('target.primary_key.value', 0.5), 'VALUE_TYPE'],
  ['a key that is an object', having('target.primary_key.value', { $ne: null }), 'VALUE_TYPE'],
  ['a value that is an object', having('patch', { late_fee_cents: { raw: 'now()' } }), 'VALUE_TYPE'],
  ['a value that is a list', having('patch', { waiver_reason: ['a'] }), 'VALUE_TYPE'],
  ['a value beyond exact numbers', having('patch', { late_fee_cents: 2 ** 60 }), 'VALUE_TYPE'],
  ['a value with a NUL', having('patch', { waiver_reason: 'a\u0000' }), 'VALUE_TYPE'],
  ['a value with half a character', having('patch', { waiver_reason: '\udc00' }), 'VALUE_TYPE'],
];

describe('a job is refused', () => {
  test.each(hostile)('with %s', (_name, spoil, reason) => {
    expect(verifyJob(scope, spoiled(spoil))).toEqual({ ok: false, reason });
  });

  test.each([
    ['nothing', undefined],
    ['null', null],
    ['a text', 'job'],
    ['a list', [sampleJob]],
    ['an empty object', {}],
  ])('that is %s', (_name, value) => {
    expect(verifyJob(scope, value).ok).toBe(false);
  });

  test('for every reason that there is', () => {
    const reached = new Set(hostile.map(([, , reason]) => reason));
    expect(refusalReasons.filter((reason) => !reached.has(reason))).toEqual([]);
  });

  test('with a column that a table inherits from every object', () => {
    const job = JSON.parse(JSON.stringify(sampleJob).replace('"late_fee_cents":0', '"__proto__":0'));
    const verified = verifyJob(scope, job);
    expect(verified.ok && verified.plan.columns.includes('__proto__')).toBe(false);
  });
});

describe('a job is accepted', () => {
  test('as a plan of texts, its columns sorted', () => {
    expect(verifyJob(scope, sampleJob)).toMatchObject({
      ok: true,
      lease: sampleJob.lease,
      plan: {
        table: 'public.invoices',
        primaryKey: 'INV-3001',
        tenant: 'acme',
        expectedVersion: '7',
        columns: ['late_fee_cents', 'waiver_reason'],
        values: ['0', 'goodwill'],
        idempotencyKey: 'wrp_1:INV-3001',
        jobId: 'wbj_wrp_1',
        proposalId: 'wrp_1',
        proposalHash: 'sha256:5f1d',
      },
    });
  });

  test('under the alias of its source', () => {
    expect(verifyJob(scope, spoiled(having('runner_scope.source_id', 'shop'))).ok).toBe(true);
  });

  test('of any project when none is configured', () => {
    const anywhere = { ...scope, projectId: undefined };
    expect(verifyJob(anywhere, spoiled(having('runner_scope.project_id', 'globex-prod'))).ok).toBe(true);
  });

  test('for any tenant when none are listed', () => {
    const config = structuredClone(sampleConfig);
    const table = config.sources.src_shop?.tables['public.invoices'];
    if (table !== undefined) table.tenant = { column: 'tenant_id' };
    const open = { ...scope, source: runnerConfigSchema.parse(config).sources.src_shop ?? source };
    const verified = verifyJob(open, spoiled(having('tenant_guard.value', 'globex')));
    expect(verified.ok && verified.plan.tenant).toBe('globex');
  });

  test('for a table that is configured without tenants, whose plan then has none', () => {
    const verified = verifyJob(
      scope,
      spoiled((job) => {
        having('target.table', 'settings')(job);
        having('allowed_columns', ['value'])(job);
        having('patch', { value: null })(job);
        having('conflict_guard', {
          kind: 'column',
          column: 'updated_at',
          expected_value: '2026-11-20 12:00:00.123456+00',
        })(job);
      }),
    );
    expect(verified).toMatchObject({
      ok: true,
      plan: { tenant: undefined, expectedVersion: '2026-11-20 12:00:00.123456+00', values: [null] },
    });
  });

  test.each([
    ['a truth', false, 'false'],
    ['a fraction', 0.1, '0.1'],
    ['a negative zero', -0, '0'],
    ['null', null, null],
    ['any text', `'; DROP TABLE invoices; --`, `'; DROP TABLE invoices; --`],
  ])('with %s as a value', (_name, value, text) => {
    const verified = verifyJob(scope, spoiled(having('patch', { waiver_reason: value })));
    expect(verified.ok && verified.plan.values).toEqual([text]);
  });
});
