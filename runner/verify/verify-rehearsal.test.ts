import { digest } from '@countersign/protocol/canonical-json';
import { describe, expect, test } from 'vitest';
import type { SourceConfig } from '../config/runner-config.ts';
import type { RehearsalReason } from './refusal-reasons.ts';
import { sampleConfig, sampleJob } from './sample-job.ts';
import type { VerifyScope } from './verify-job.ts';
import { verifyRehearsal } from './verify-rehearsal.ts';

const { src_shop: shop } = sampleConfig.sources;
const invoices = shop?.tables['public.invoices'];
if (shop === undefined || invoices === undefined) throw new Error('the sample has no source');
const source: SourceConfig = {
  ...shop,
  rehearsals: { lock_timeout_ms: 200, statement_timeout_ms: 2_000, per_agent_a_minute: 30, at_once: 1 },
  tables: { ...shop.tables, 'public.invoices': { ...invoices, visible_columns: ['status', 'created_by'] } },
};
const scope: VerifyScope = { sourceId: 'src_shop', projectId: 'acme-prod', source };

const { target, tenant_guard } = sampleJob;
const sample = {
  rehearsal_id: 'rhs_1',
  proposal_id: 'wrp_1',
  lease_id: 'lse_1',
  expires_at: '2026-11-20T12:00:10.000Z',
  source_id: 'src_shop',
  engine: 'postgres',
  agent: 'refund bot',
  target: { ...target, tenant_guard },
  visible_columns: ['status', 'late_fee_cents', 'status'],
  version_column: 'version',
  allowed_columns: ['late_fee_cents', 'waiver_reason'],
  patch: { waiver_reason: 'goodwill', late_fee_cents: 0 },
};
const withTarget = (change: object) => ({ ...sample, target: { ...sample.target, ...change } });
const withGuard = (change: object) => withTarget({ tenant_guard: { ...tenant_guard, ...change } });

const principalScope = {
  schema_version: 'synapsor.principal-scope.v1',
  column: 'owner',
  binding: 'owner',
  provider: 'environment',
  value_fingerprint: digest('somebody'),
};

describe('a rehearsal is refused', () => {
  test.each<[name: string, rehearsal: object, reason: RehearsalReason]>([
    ['no target', { ...sample, target: undefined }, 'JOB_MALFORMED'],
    ['no agent', { ...sample, agent: '' }, 'JOB_MALFORMED'],
    ['no time', { ...sample, expires_at: 'soon' }, 'JOB_MALFORMED'],
    ['no visible columns', { ...sample, visible_columns: [] }, 'JOB_MALFORMED'],
    ['no tenant guard', withTarget({ tenant_guard: undefined }), 'JOB_MALFORMED'],
    ['a field of its own', { ...sample, sql: 'SELECT 1' }, 'JOB_UNKNOWN_FIELD'],
    ['a field of its own in the target', withTarget({ where: '1=1' }), 'JOB_UNKNOWN_FIELD'],
    ['another source', { ...sample, source_id: 'src_other' }, 'SOURCE_NOT_MINE'],
    ['another engine', { ...sample, engine: 'mysql' }, 'ENGINE_MISMATCH'],
    ['a visible column with a quote', { ...sample, visible_columns: ['st"atus'] }, 'INVALID_IDENTIFIER'],
    ['all visible columns', { ...sample, visible_columns: ['*'] }, 'INVALID_IDENTIFIER'],
    ['a table that is not configured', withTarget({ table: 'users' }), 'TABLE_NOT_CONFIGURED'],
    ['a table of every object', withTarget({ schema: '__proto__' }), 'TABLE_NOT_CONFIGURED'],
    ['another key', withTarget({ primary_key: { column: 'no', value: 'x' } }), 'PRIMARY_KEY_MISMATCH'],
    ['a key that is a list', withTarget({ primary_key: { column: 'id', value: [1] } }), 'VALUE_TYPE'],
    ['a key that is null', withTarget({ primary_key: { column: 'id', value: null } }), 'VALUE_TYPE'],
    ['no tenant', withGuard({ value: '' }), 'TENANT_GUARD_MISSING'],
    ['a tenant that is a list', withGuard({ value: ['acme'] }), 'VALUE_TYPE'],
    ['a tenant guard on another column', withGuard({ column: 'id' }), 'TENANT_COLUMN_MISMATCH'],
    ['another tenant', withGuard({ value: 'globex' }), 'TENANT_NOT_ALLOWED'],
    ['a principal scope', withTarget({ principal_scope: principalScope }), 'PRINCIPAL_SCOPE_UNSUPPORTED'],
    ['another version', { ...sample, version_column: 'xmin' }, 'VERSION_COLUMN_MISMATCH'],
    ['a protected column', { ...sample, patch: { created_by: 'eve' } }, 'PROTECTED_COLUMN'],
    ['a column to be seen alone', { ...sample, patch: { status: 'paid' } }, 'COLUMN_NOT_CONFIGURED'],
    ['too much allowed', { ...sample, allowed_columns: ['status'] }, 'COLUMN_NOT_CONFIGURED'],
    ['more than is allowed', { ...sample, allowed_columns: ['waiver_reason'] }, 'PATCH_OUTSIDE_ALLOWED'],
    ['a value with half a character', { ...sample, patch: { waiver_reason: '\ud800' } }, 'VALUE_TYPE'],
    ['a column that is kept in', { ...sample, visible_columns: ['status', 'iban'] }, 'COLUMN_NOT_VISIBLE'],
    ['the tenant, which is not named', { ...sample, visible_columns: ['tenant_id'] }, 'COLUMN_NOT_VISIBLE'],
    ['a visible column in other letters', { ...sample, visible_columns: ['Status'] }, 'COLUMN_NOT_VISIBLE'],
    ['what every object has', { ...sample, visible_columns: ['constructor'] }, 'COLUMN_NOT_VISIBLE'],
  ])('that has %s', (_name, rehearsal, reason) => {
    expect(verifyRehearsal(scope, rehearsal)).toEqual({
      kind: 'refused',
      rehearsalId: 'rhs_1',
      leaseId: 'lse_1',
      reason,
    });
  });

  test('with a column that a table inherits from every object', () => {
    const text = JSON.stringify(sample).replace('"late_fee_cents":0', '"__proto__":0');
    expect(verifyRehearsal(scope, JSON.parse(text))).toMatchObject({ reason: 'COLUMN_NOT_CONFIGURED' });
  });

  test('where the configuration allows none', () => {
    expect(verifyRehearsal({ ...scope, source: shop }, sample)).toMatchObject({
      kind: 'refused',
      reason: 'REHEARSAL_NOT_ALLOWED',
    });
  });
});

test.each([
  ['nothing', undefined],
  ['a text', 'rehearsal'],
  ['an id that is another address', { ...sample, rehearsal_id: '..' }],
  ['no lease', { ...sample, lease_id: undefined }],
  ['a lease that no receipt can name', { ...sample, lease_id: 'lse\u0000' }],
])('what is %s is dropped', (_name, value) => {
  expect(verifyRehearsal(scope, value)).toEqual({ kind: 'dropped' });
});

describe('a rehearsal is accepted', () => {
  test('as a plan of texts, its columns sorted, each visible one once', () => {
    expect(verifyRehearsal(scope, sample)).toEqual({
      kind: 'accepted',
      plan: {
        rehearsalId: 'rhs_1',
        leaseId: 'lse_1',
        proposalId: 'wrp_1',
        agent: 'refund bot',
        expiresAtMs: Date.parse('2026-11-20T12:00:10.000Z'),
        table: 'public.invoices',
        primaryKey: 'INV-3001',
        tenant: 'acme',
        columns: ['late_fee_cents', 'waiver_reason'],
        values: ['0', 'goodwill'],
        visible: ['status', 'late_fee_cents'],
      },
    });
  });

  test('that wants to see what may be written, the key and the version, or a protected column that is named', () => {
    const visible_columns = ['id', 'version', 'waiver_reason', 'created_by'];
    expect(verifyRehearsal(scope, { ...sample, visible_columns })).toMatchObject({
      plan: { visible: visible_columns },
    });
  });

  test('under the alias of its source', () => {
    expect(verifyRehearsal(scope, { ...sample, source_id: 'shop' }).kind).toBe('accepted');
  });

  test('for a table without tenants, whose plan then has none', () => {
    const rehearsal = {
      ...withTarget({ table: 'settings' }),
      version_column: 'updated_at',
      visible_columns: ['value'],
      allowed_columns: ['value'],
      patch: { value: null },
    };
    expect(verifyRehearsal(scope, rehearsal)).toMatchObject({
      plan: { tenant: undefined, columns: ['value'], values: [null] },
    });
  });
});
