import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { TablePermission } from '../../config/runner-config.ts';
import type { AttemptFacts, WritePlan } from '../../verify/write-plan.ts';
import { DatabaseFault } from '../database-fault.ts';
import type { Filling } from '../table-writer.ts';
import type { ColumnType } from './column-type.ts';
import { quoteIdentifier, quoteTableName } from './identifiers.ts';
import {
  applySteps,
  conflictSteps,
  receiptSql,
  type TableTarget,
  ValueRejected,
  versionSql,
} from './write-sql.ts';

const permission: TablePermission = {
  primary_key: 'id',
  tenant: { column: 'tenant_id' },
  version: { column: 'version', advance: 'integer' },
  columns: ['late_fee_cents', 'order'],
  protected_columns: [],
};
const type = (declared: string, length: number | null = null): ColumnType => ({
  name: /^\w+/.exec(declared)?.[0] ?? '',
  declared,
  length,
  scale: null,
  isReadable: true,
});
const target: TableTarget = {
  name: 'sales.invoices',
  permission,
  receipts: { schema: 'ops', table: 'receipts' },
  types: new Map([
    ['id', type('varchar(400)', 400)],
    ['tenant_id', type('varchar(400)', 400)],
    ['version', type('bigint')],
    ['late_fee_cents', type('text', 65_535)],
    ['order', type('int')],
  ]),
};
const plan: WritePlan = {
  table: 'sales.invoices',
  primaryKey: 'key-value',
  tenant: 'tenant-value',
  expectedVersion: '7',
  columns: ['late_fee_cents', 'order'],
  values: ['fee-value', null],
  idempotencyKey: 'idempotency-value',
  jobId: 'job-value',
  proposalId: 'proposal-value',
  proposalHash: 'hash-value',
};
const facts: AttemptFacts = { attempt: 3, leaseId: 'lease-value', runnerId: 'runner-value' };
const filling: Filling = { plan, facts };

/** Literals of text as what they say, in « ». */
function read(sql: string): string {
  return sql.replaceAll(/(?:_utf8mb4 )?X'([0-9a-f]*)'/g, (_, hex) => `«${Buffer.from(hex, 'hex')}»`);
}

/** Every statement about a plan. */
function everySql(ofTarget: TableTarget, of: Filling): readonly string[] {
  const found = { reason: 'VERSION_CONFLICT' as const, version: of.plan.expectedVersion };
  return [
    ...applySteps(ofTarget, of).map(({ sql }) => sql),
    ...conflictSteps(ofTarget, of, found).map(({ sql }) => sql),
    receiptSql(ofTarget, of),
    versionSql(ofTarget, of),
  ];
}

describe('the write', () => {
  const guards =
    't.`id` = «key-value» AND CAST(CONVERT(t.`id` USING utf8mb4) AS BINARY) = «key-value» AND t.`tenant_id` = «tenant-value» AND CAST(CONVERT(t.`tenant_id` USING utf8mb4) AS BINARY) = «tenant-value» AND t.`version` = 7';

  /** Its statements, in their order. */
  function stepsOf(ofTarget: TableTarget, of: Filling) {
    const [forget, lock, update, receipt, result, ...others] = applySteps(ofTarget, of);
    expect(others).toEqual([]);
    return {
      forget: read(forget?.sql ?? ''),
      lock: read(lock?.sql ?? ''),
      update: read(update?.sql ?? ''),
      receipt: read(receipt?.sql ?? ''),
      result: read(result?.sql ?? ''),
    };
  }

  test('finds and locks the row under all its guards, and forgets what was found before', () => {
    const { forget, lock } = stepsOf(target, filling);
    expect(forget).toBe('SET @countersign_is_met = 0');
    expect(lock).toBe(
      `SELECT 1 INTO @countersign_is_met FROM \`sales\`.\`invoices\` AS t WHERE ${guards} FOR UPDATE`,
    );
  });

  test('changes the row under the same guards', () => {
    expect(stepsOf(target, filling).update).toBe(
      `UPDATE \`sales\`.\`invoices\` AS t SET \`late_fee_cents\` = «fee-value», \`order\` = NULL, t.\`version\` = t.\`version\` + 1
WHERE @countersign_is_met = 1 AND ${guards}`,
    );
  });

  test('has its receipt only where the row was found, and gives back what it inserted', () => {
    const { receipt, result } = stepsOf(target, filling);
    expect(applySteps(target, filling).map(({ isReceipt }) => isReceipt === true)).toEqual([
      false,
      false,
      false,
      true,
      false,
    ]);
    expect(receipt).toMatch(
      /^INSERT INTO `ops`\.`receipts` \([^)]*\)\nSELECT .*\nWHERE @countersign_is_met = 1$/s,
    );
    expect(receipt).toContain('CASE WHEN t.`version` > 7 THEN');
    expect(result).toMatch(
      /^SELECT .*\nWHERE @countersign_is_met = 1 AND idempotency_key = «idempotency-value»$/s,
    );
  });

  test('does not count on ROW_COUNT(), which is not so on a line that breaks', () => {
    for (const sql of everySql(target, filling)) expect(sql).not.toContain('ROW_COUNT');
  });

  test('never replaces or ignores a receipt that is there', () => {
    for (const sql of everySql(target, filling)) expect(sql).not.toMatch(/IGNORE|ON DUPLICATE|REPLACE INTO/i);
  });

  test('to a table without tenants asks for none', () => {
    const single = { ...target, permission: { ...permission, tenant: { single_tenant: true as const } } };
    expect(stepsOf(single, filling).update).not.toContain('tenant');
  });

  test('without a tenant, where there are tenants, means no row', () => {
    const none = { facts, plan: { ...plan, tenant: undefined } };
    expect(stepsOf(target, none).update).toContain('t.`tenant_id` = «»');
  });

  test('moves a timestamp to the clock, or just past the old one', () => {
    const version = { column: 'at', advance: 'timestamp' as const };
    const types = new Map([...target.types, ['at', { ...type('datetime(6)'), scale: 6 }]]);
    const timed = { ...target, types, permission: { ...permission, version } };
    const { update } = stepsOf(timed, {
      facts,
      plan: { ...plan, expectedVersion: '2026-01-01T00:00:00.5+01:00' },
    });
    expect(update).toContain('t.`at` = GREATEST(t.`at` + INTERVAL 1 MICROSECOND, UTC_TIMESTAMP(6))');
    expect(update).toContain("AND t.`at` = TIMESTAMP'2025-12-31 23:00:00.500000'");
  });

  test.each([
    ['a value', { values: ['x', 'y'] }],
    ['a version', { expectedVersion: 'x' }],
    ['a version of none', { expectedVersion: '' }],
  ])('with %s that its column cannot hold is not built', (_what, change) => {
    expect(() => applySteps(target, { facts, plan: { ...plan, ...change } })).toThrow(ValueRejected);
  });

  test('of a column that the table has not is not built', () => {
    const gone = { facts, plan: { ...plan, columns: ['gone'], values: ['x'] } };
    expect(() => applySteps(target, gone)).toThrow(DatabaseFault);
  });
});

describe('every statement', () => {
  const spoilt = fc.oneof(
    fc.string({ unit: 'binary', maxLength: 60 }),
    fc.constantFrom(
      "'",
      '\\',
      "\\'",
      '"; DROP TABLE x; --',
      '`',
      '/*',
      "X'00'",
      '\u0000',
      '\u{1F9FE}',
      '$1',
      '?',
      ':a',
    ),
  );
  const plans = fc.record({
    primaryKey: spoilt,
    tenant: spoilt,
    value: spoilt,
    idempotencyKey: spoilt,
    jobId: spoilt,
    proposalId: spoilt,
    proposalHash: spoilt,
    leaseId: spoilt,
    runnerId: spoilt,
  });

  /** Without the text of values: what is left is the same for every plan. */
  const shape = (sql: string) => sql.replaceAll(/X'([0-9a-f]{2})*'/g, "X''");

  test('is the same text for all values, but for hexadecimal digits', () => {
    const usual = everySql(target, filling).map(shape);
    fc.assert(
      fc.property(plans, ({ value, leaseId, runnerId, ...names }) => {
        const other = {
          plan: { ...plan, ...names, values: [value, null] },
          facts: { ...facts, leaseId, runnerId },
        };
        expect(everySql(target, other).map(shape)).toEqual(usual);
      }),
      { numRuns: 500 },
    );
  });

  test('holds no text of a value', () => {
    for (const sql of everySql(target, filling)) expect(sql).not.toContain('-value');
  });

  test('is one statement', () => {
    for (const sql of everySql(target, filling)) expect(sql).not.toContain(';');
  });
});

test('a conflict says what was found, and fails where there is a receipt already', () => {
  const [insert] = conflictSteps(target, filling, { reason: 'VERSION_CONFLICT', version: '12' });
  expect(insert?.isReceipt).toBe(true);
  const sql = read(insert?.sql ?? '');
  expect(sql).toMatch(/'conflict', 0, «VERSION_CONFLICT», «12»/);
  expect(sql).toContain('«{"job_id":"job-value","status":"conflict","version":"12"}»');
});

test('identifiers are quoted whatever they hold', () => {
  expect(quoteIdentifier('order')).toBe('`order`');
  expect(quoteIdentifier('a`; DROP TABLE b; -- ')).toBe('`a``; DROP TABLE b; -- `');
  expect(quoteTableName('shop.order')).toBe('`shop`.`order`');
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), (name) => {
      const quoted = quoteIdentifier(name);
      expect(quoted.slice(1, -1).replaceAll('``', '')).not.toContain('`');
      expect(quoted.slice(1, -1).replaceAll('``', '`')).toBe(name);
    }),
  );
});
