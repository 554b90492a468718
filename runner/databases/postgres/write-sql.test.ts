import { describe, expect, test } from 'vitest';
import type { TablePermission } from '../../config/runner-config.ts';
import type { WritePlan } from '../../verify/write-plan.ts';
import { quoteIdentifier } from './identifiers.ts';
import {
  applySql,
  conflictSql,
  receiptSql,
  type StatementForm,
  type Values,
  versionSql,
} from './write-sql.ts';

const permission: TablePermission = {
  primary_key: 'id',
  tenant: { column: 'tenant_id' },
  version: { column: 'version', advance: 'integer' },
  columns: ['late_fee_cents', 'order'],
  protected_columns: [],
};
const target = { name: 'sales.invoices', permission, receipts: { schema: 'ops', table: 'receipts' } };
const plan: WritePlan = {
  table: 'sales.invoices',
  primaryKey: 'key-value',
  tenant: 'tenant-value',
  expectedVersion: 'version-value',
  columns: ['late_fee_cents', 'order'],
  values: ['fee-value', null],
  idempotencyKey: 'idempotency-value',
  jobId: 'job-value',
  proposalId: 'proposal-value',
  proposalHash: 'hash-value',
};
const filling: Values = {
  plan,
  facts: { attempt: 3, leaseId: 'lease-value', runnerId: 'runner-value' },
  found: { reason: 'VERSION_CONFLICT', version: 'found-value' },
};

/** The statement with each parameter replaced by the value that it gets, in « ». */
function filled({ sql, values }: StatementForm): string {
  return sql.replace(/\$(\d+)/g, (_, number) => `«${values[Number(number) - 1]?.(filling)}»`);
}

/** Without the catalog's name before everything, which only hides what the statement says. */
function plain(sql: string): string {
  return sql.replace(/OPERATOR\(pg_catalog\.(.+?)\)/g, '$1').replaceAll('pg_catalog.', '');
}

describe('the write', () => {
  test('is one statement whose receipt comes from the change', () => {
    expect(plain(filled(applySql(target, plan.columns)))).toBe(
      `WITH applied AS (
  UPDATE "sales"."invoices" AS t
  SET "late_fee_cents" = «fee-value», "order" = «null», "version" = t."version" + 1
  WHERE t."id" = «key-value» AND t."tenant_id" = «tenant-value» AND t."version" = «version-value»
  RETURNING CASE WHEN t."version" > «version-value» THEN t."version"::text END AS result_version
)
INSERT INTO "ops"."receipts" (idempotency_key, job_id, proposal_id, proposal_hash, target_table, target_key, attempt, lease_id, runner_id, status, affected_rows, result_version, result_hash)
SELECT «idempotency-value», «job-value»::text, «proposal-value», «hash-value», «sales.invoices», «key-value», «3», «lease-value», «runner-value», 'applied', 1, applied.result_version, concat('sha256:', encode(sha256(convert_to(concat('{"job_id":', to_json(«job-value»::text), ',"status":"applied"', ',"version":' || to_json(applied.result_version)::text, '}'), 'UTF8')), 'hex'))
FROM applied
RETURNING result_version, result_hash`,
    );
  });

  test('has no ON CONFLICT, which would let the row change under a receipt of another attempt', () => {
    expect(applySql(target, plan.columns).sql).not.toMatch(/ON CONFLICT/i);
  });

  test('to a table without tenants asks for none', () => {
    const single = { ...target, permission: { ...permission, tenant: { single_tenant: true as const } } };
    expect(plain(filled(applySql(single, plan.columns)))).toContain(
      'WHERE t."id" = «key-value» AND t."version" = «version-value»\n',
    );
  });

  test('moves a timestamp to the clock, or just past the old one', () => {
    const version = { column: 'updated_at', advance: 'timestamp' as const };
    expect(
      plain(applySql({ ...target, permission: { ...permission, version } }, plan.columns).sql),
    ).toContain(`"updated_at" = GREATEST(t."updated_at" + '1 microsecond'::interval, clock_timestamp())`);
  });
});

describe('every statement', () => {
  const forms: [name: string, form: StatementForm][] = [
    ['apply', applySql(target, plan.columns)],
    ['conflict', conflictSql(target)],
    ['receipt', receiptSql(target)],
    ['version', versionSql(target)],
  ];

  test.each(forms)('(%s) has its values as parameters, all of them used', (_name, form) => {
    const used = new Set([...form.sql.matchAll(/\$(\d+)/g)].map(([, number]) => Number(number)));
    expect([...used].sort((a, b) => a - b)).toEqual(form.values.map((_, index) => index + 1));
    expect(form.sql).not.toContain('-value');
  });

  test.each(forms)('(%s) looks nothing up along the search_path', (_name, { sql }) => {
    const literalsGone = sql.replace(/'[^']*'/g, `''`);
    expect(literalsGone.match(/(?<![."\w])(?!GREATEST\b)[a-z_]+(?=\()/gi) ?? []).toEqual(
      (literalsGone.match(/(?<![."\w])(AS|CASE|OPERATOR|VALUES|CONFLICT)(?=\()/gi) ?? []).map(String),
    );
    expect(literalsGone.match(/::(?!pg_catalog\.)/g)).toBeNull();
    expect(literalsGone.replace(/ SET .*?\n/g, ' ').match(/ (=|>|<>|\|\||\+) /g)).toBeNull();
  });
});

test('a conflict leaves the receipt of a faster attempt as it is', () => {
  const sql = filled(conflictSql(target));
  expect(sql).toContain('ON CONFLICT (idempotency_key) DO NOTHING');
  expect(sql).toContain('«VERSION_CONFLICT»');
  expect(sql).toContain('«found-value»');
});

test('identifiers are quoted whatever they hold', () => {
  expect(quoteIdentifier('order')).toBe('"order"');
  expect(quoteIdentifier('a"; DROP TABLE b; --')).toBe('"a""; DROP TABLE b; --"');
});
