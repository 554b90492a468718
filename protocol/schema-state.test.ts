import { expect, test } from 'vitest';
import { clockFinding } from './doctor-report.ts';
import { refusalOfSchema, schemaFinding, schemaState, schemaStateAt } from './schema-state.ts';

const known = ['0000_a.sql', '0001_b.sql', '0002_c.sql'];

test.each<[readonly string[], object, string]>([
  [known, { kind: 'current' }, 'migrations_current'],
  [known.slice(0, 1), { kind: 'behind', missing: known.slice(1) }, 'migrations_missing'],
  [['0000_a.sql', '0002_c.sql'], { kind: 'behind', missing: ['0001_b.sql'] }, 'migrations_missing'],
  [[...known, '0003_d.sql'], { kind: 'ahead', unknown: ['0003_d.sql'] }, 'schema_newer'],
  [[...known, '0003_r2_d.sql'], { kind: 'next', unknown: ['0003_r2_d.sql'] }, 'schema_of_next_release'],
  [
    [...known, '0003_r2_d.sql', '0004_r3_e.sql'],
    { kind: 'ahead', unknown: ['0003_r2_d.sql', '0004_r3_e.sql'] },
    'schema_newer',
  ],
  [[...known, '0003_r3_d.sql'], { kind: 'ahead', unknown: ['0003_r3_d.sql'] }, 'schema_newer'],
  [
    [...known.slice(1), '0003_r2_d.sql'],
    { kind: 'behind', missing: known.slice(0, 1) },
    'migrations_missing',
  ],
  [['0000_a.sql', '0009_x.sql'], { kind: 'ahead', unknown: ['0009_x.sql'] }, 'schema_newer'],
  [[], { kind: 'unrecorded' }, 'migrations_unrecorded'],
])('a database that had %j is %j', (applied, state, code) => {
  const found = schemaState(applied, known);
  expect(found).toEqual(state);
  expect(schemaFinding('database DB', found).code).toBe(code);
  const mayWrite = ['migrations_current', 'migrations_unrecorded', 'schema_of_next_release'].includes(code);
  expect(refusalOfSchema(found)?.code).toBe(mayWrite ? undefined : 'schema_mismatch');
});

test('the newest alone tells the same', () => {
  expect(schemaStateAt('0002_c.sql', known)).toEqual({ kind: 'current' });
  expect(schemaStateAt('0000_a.sql', known)).toEqual({ kind: 'behind', missing: known.slice(1) });
  expect(schemaStateAt('0003_d.sql', known)).toEqual({ kind: 'ahead', unknown: ['0003_d.sql'] });
  expect(schemaStateAt('0003_r2_d.sql', known)).toEqual({ kind: 'next', unknown: ['0003_r2_d.sql'] });
  expect(schemaStateAt('0004_r3_e.sql', known)).toEqual({ kind: 'ahead', unknown: ['0004_r3_e.sql'] });
  expect(schemaStateAt(undefined, known)).toEqual({ kind: 'unrecorded' });
});

test('a build of the second release works with the third, and not without its own', () => {
  const second = [...known, '0003_r2_d.sql', '0004_r2_e.sql'];
  expect(schemaStateAt('0005_r3_f.sql', second).kind).toBe('next');
  expect(schemaStateAt('0005_r4_f.sql', second).kind).toBe('ahead');
  expect(schemaStateAt('0005_r2_f.sql', second).kind).toBe('ahead');
  expect(schemaStateAt('0003_r2_d.sql', second)).toEqual({ kind: 'behind', missing: ['0004_r2_e.sql'] });
});

test.each([
  [10_000, 'clock_agrees', ''],
  [5_001, 'clock_agrees', ''],
  [15_001, 'clock_agrees', ''],
  [4_000, 'clock_differs', '6 s behind'],
  [30_000, 'clock_differs', '19 s ahead'],
])('a clock that says %i between 10,000 and 11,000: %s', (clock, code, words) => {
  const found = clockFinding('here', clock, [10_000, 11_000]);
  expect(found.code).toBe(code);
  expect(found.message).toContain(words);
});
