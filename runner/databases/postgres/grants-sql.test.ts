import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { parseConfig } from '../../config/load-config.ts';
import { sampleConfig } from '../../verify/sample-job.ts';
import { grantsSql } from './grants-sql.ts';

const deployed = (name: string) => readFileSync(join(import.meta.dirname, '../../deploy', name), 'utf8');
const source = sampleConfig.sources.src_shop;
if (source === undefined) throw new TypeError('the sample has no such source');

describe('the SQL of the role', () => {
  test('makes the schema of the receipts only where it is theirs alone', () => {
    const receipts = (schema: string) => ({ ...source, receipts: { schema, table: 'receipts' } });
    const madeIn = (schema: string) => grantsSql(receipts(schema), { role: 'r' }).match(/CREATE SCHEMA.*/g);
    expect(madeIn('public')).toBeNull();
    expect(madeIn('countersign')).toEqual(['CREATE SCHEMA IF NOT EXISTS "countersign";']);
  });

  test('names each schema once', () => {
    expect(grantsSql(source, { role: 'r' }).match(/GRANT USAGE.*/g)).toEqual([
      'GRANT USAGE ON SCHEMA "public" TO "r";',
    ]);
  });

  test('is what the deployed example runs', () => {
    const { src_billing } = parseConfig(deployed('runner.json')).sources;
    if (src_billing === undefined) throw new TypeError('the example has no such source');
    const sql = grantsSql(src_billing, { role: 'countersign', password: `:'password'` });
    expect(deployed('database.sql').endsWith(`\n${sql}`)).toBe(true);
  });
});
