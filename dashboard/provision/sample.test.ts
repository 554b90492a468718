import { parseContract } from '@countersign/protocol/contract/parse-contract';
import { expect, test } from 'vitest';
import { sampleContract, sampleOf, sampleRunnerConfig, sampleSql } from './sample.ts';

test.each(['postgres', 'mysql'] as const)('the sample contract of %s is a contract', (engine) => {
  expect(parseContract(sampleContract(sampleOf('src_main', engine)))).toMatchObject({ ok: true });
});

test('table, configuration and contract are about the same column of the same table', () => {
  const sample = sampleOf('src_main', 'postgres');
  const config = JSON.parse(sampleRunnerConfig(sample, 'https://plane.example', 'prj_1'));
  const [table, rules] = Object.entries<{ columns: string[] }>(config.sources.src_main.tables)[0] ?? [];
  const { capabilities, resources = [] } = sampleContract(sample);
  expect(sampleSql(sample)).toContain(`CREATE TABLE ${table} (`);
  expect(table).toBe(`${resources[0]?.schema}.${resources[0]?.table}`);
  expect(rules?.columns).toEqual(capabilities[0]?.proposal?.allowed_fields);
});
