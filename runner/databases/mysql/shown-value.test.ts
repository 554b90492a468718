import { expect, test } from 'vitest';
import type { ColumnType } from './column-type.ts';
import { shownSql, shownValue } from './shown-value.ts';

function typeOf(declared: string): ColumnType {
  const [name = ''] = declared.split(/[ (]/);
  return { name, declared, length: null, scale: null, isReadable: true };
}

test.each([
  ['bigint', 't.c'],
  ['varchar(20)', 't.c'],
  ['json', 't.c'],
  ['decimal(20,4)', 't.c'],
  ['timestamp(6)', 't.c'],
  ['year', 't.c'],
  ['bit(3)', 'CAST(t.c + 0 AS CHAR)'],
  ['bit(1)', 'CAST(t.c + 0 AS CHAR)'],
  ['binary(16)', 'HEX(t.c)'],
  ['longblob', 'HEX(t.c)'],
  ['point', 'HEX(t.c)'],
])('a column of type %s is read as %s', (declared, sql) => {
  expect(shownSql('t.c', typeOf(declared))).toBe(sql);
});

test.each([
  ['tinyint(1)', '1', true],
  ['tinyint(1)', '0', false],
  ['tinyint(1)', '7', 7],
  ['tinyint', '1', 1],
  ['bit(1)', '1', true],
  ['bit(8)', '255', 255],
  ['bit(64)', '18446744073709551615', '18446744073709551615'],
  ['int(5) unsigned zerofill', '00042', 42],
  ['bigint', '9007199254740993', '9007199254740993'],
  ['year', '2026', 2026],
  ['varchar(20)', '0042', '0042'],
  ['decimal(9,2)', '1.10', '1.10'],
  ['varbinary(9)', '00FF', '0x00FF'],
  ['binary(16)', '123E4567E89B12D3A456426614174000', '123e4567-e89b-12d3-a456-426614174000'],
  ['varchar(20)', null, null],
  ['tinyint(1)', null, null],
])('of the type %s, %s is told as %s', (declared, text, told) => {
  expect(shownValue(typeOf(declared), text)).toBe(told);
});
