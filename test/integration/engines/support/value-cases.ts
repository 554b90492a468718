import type { TestEngine } from '../../../support/engines.ts';

/** Values for a column of a type: such as it holds, and such as it cannot hold exactly. */
export interface ColumnCases {
  readonly type: string;
  /** The text of the plan, and where it is another one, the text that the database then gives. */
  readonly kept: readonly (readonly [text: string, stands?: string])[];
  readonly refused: readonly string[];
}

/** Text in every kind of script, and what SQL, JSON or a shell would take for its own. */
export const texts = [
  '',
  ' ',
  ' both ends ',
  '\t\r\n',
  `'`,
  `''`,
  `\\`,
  `\\'`,
  `\\\\'; DROP TABLE invoices; --`,
  `"double" \`back\``,
  '%_?*$1:name@var{}[]',
  'NULL',
  "X'00'",
  '/*! 1 */ # --',
  '漢字かなカナ한글',
  'Ελληνικά Кириллица',
  'שלום مرحبا \u200f\u202eabc\u202c',
  'e\u0301 é \u1e9b\u0323',
  '\u{1F469}\u200d\u{1F469}\u200d\u{1F467} \u{1F1FA}\u{1F1F3}',
  '\u{10FFFF}\u{10000}\uFFFD\uFFFE',
  '\u0001\u001a\u007f\u0085\u00a0\u2028\ufeff',
  'a'.repeat(10_000),
];

const integer = (least: string, most: string, below: string, above: string): Omit<ColumnCases, 'type'> => ({
  kept: [['0'], ['-1'], ['1'], [least], [most], ['+5', '5'], ['007', '7']],
  refused: [below, above, '1.5', '1e3', '1abc', 'abc', '', '--1', '99999999999999999999999'],
});

const decimal: Omit<ColumnCases, 'type'> = {
  kept: [
    ['0', '0.0000'],
    ['-0.0001'],
    ['1234567890123456.7891'],
    ['-9999999999999999.9999'],
    ['1.5', '1.5000'],
    ['+2.25', '2.2500'],
  ],
  refused: ['10000000000000000', '1.2.3', '1,5', 'abc', '', '12abc', '0.00001', '1.23456', '0.1234567'],
};

const dates: Omit<ColumnCases, 'type'> = {
  kept: [['2024-02-29'], ['1000-01-01'], ['9999-12-31']],
  refused: ['2023-02-29', '2024-13-01', '2024-00-10', 'someday', ''],
};

const postgres: readonly ColumnCases[] = [
  { type: 'smallint', ...integer('-32768', '32767', '-32769', '32768') },
  { type: 'integer', ...integer('-2147483648', '2147483647', '-2147483649', '2147483648') },
  {
    type: 'bigint',
    ...integer('-9223372036854775808', '9223372036854775807', '-9223372036854775809', '9223372036854775808'),
  },
  { type: 'numeric(20, 4)', ...decimal },
  { type: 'numeric', kept: [['0.00000000000000000000000000001']], refused: ['abc'] },
  { type: 'double precision', kept: [['0.1'], ['1e+300']], refused: ['0.12345678901234567891', '1e400'] },
  { type: 'real', kept: [['0.1'], ['1.5']], refused: ['0.123456789123', '16777217', '1e40'] },
  { type: 'date', ...dates, refused: [...dates.refused, '2026-01-01 10:00:00', 'today'] },
  { type: 'time(3)', kept: [['10:11:12.5']], refused: ['10:11:12.3456', '10:00:00+02', 'now'] },
  {
    type: 'timestamptz',
    kept: [
      ['2026-01-02 03:04:05.678901+00'],
      ['2026-01-02T03:04:05.000001Z', '2026-01-02 03:04:05.000001+00'],
      ['2026-01-02T03:04:05.5+05:30', '2026-01-01 21:34:05.5+00'],
      ['1950-01-01 00:00:00-02', '1950-01-01 02:00:00+00'],
    ],
    refused: ['2026-02-30 00:00:00+00', '2026-01-01 25:00:00+00', '2026-01-01 00:00:00+99:00', 'soon', ''],
  },
  {
    type: 'timestamp',
    kept: [
      ['2026-01-02 03:04:05.678901'],
      ['2026-01-02T03:04:05', '2026-01-02 03:04:05'],
      ['2026-01-02T03:04:05Z', '2026-01-02 03:04:05'],
    ],
    refused: [
      '2026-02-30 00:00:00',
      '2026-01-01 25:00:00',
      '2026-01-01 00:00:00+02',
      '2026-01-01 00:00:00.1234567',
      'now',
      'soon',
      '',
    ],
  },
  {
    type: 'timestamptz(3)',
    kept: [['2026-01-02 03:04:05.678+00']],
    refused: ['2026-01-02 03:04:05.6789+00'],
  },
  {
    type: 'boolean',
    kept: [
      ['true', 't'],
      ['false', 'f'],
    ],
    refused: ['perhaps', '2', ''],
  },
  {
    type: 'jsonb',
    kept: [['{"a": 1.10, "b": 12345678901234567890123}'], ['[]'], ['"x"'], ['null']],
    refused: ['{', '', "{'a': 1}", '{"a": 1} x'],
  },
  { type: 'mood', kept: [['calm'], ["it's"]], refused: ['Calm', 'calm ', '1', ''] },
  {
    type: 'uuid',
    kept: [
      ['123e4567-e89b-12d3-a456-426614174000'],
      ['123E4567-E89B-12D3-A456-426614174000', '123e4567-e89b-12d3-a456-426614174000'],
    ],
    refused: ['123e4567-e89b-12d3-a456-42661417400', 'not a uuid', ''],
  },
  {
    type: 'varchar(5)',
    kept: [['abcde'], ['ab\u{1F9FE}cd'], [''], ['ab   ']],
    refused: ['abcdef', 'abc   ', 'a\u0000b'],
  },
  { type: 'domain_of_numeric', kept: [['1.25']], refused: ['1.255'] },
];

const mysql: readonly ColumnCases[] = [
  { type: 'tinyint', ...integer('-128', '127', '-129', '128') },
  { type: 'smallint', ...integer('-32768', '32767', '-32769', '32768') },
  { type: 'mediumint', ...integer('-8388608', '8388607', '-8388609', '8388608') },
  { type: 'int', ...integer('-2147483648', '2147483647', '-2147483649', '2147483648') },
  {
    type: 'bigint',
    ...integer('-9223372036854775808', '9223372036854775807', '-9223372036854775809', '9223372036854775808'),
  },
  {
    type: 'bigint unsigned',
    kept: [['0'], ['9223372036854775808'], ['18446744073709551615']],
    refused: ['-1', '18446744073709551616', '1.5', '0x10', ''],
  },
  { type: 'decimal(20, 4)', kept: decimal.kept, refused: [...decimal.refused, '1e3', '0x1'] },
  { type: 'double(8, 2)', kept: [['1.25']], refused: ['1.255', 'abc', '1e400', ''] },
  { type: 'double', kept: [['1.5'], ['-2.5e-3', '-0.0025'], ['0.1']], refused: ['1e400', 'abc', ''] },
  { type: 'date', ...dates, refused: [...dates.refused, '0000-00-00', '2024-1-1', '20240101'] },
  {
    type: 'datetime(6)',
    kept: [
      ['2026-01-02 03:04:05.678901'],
      ['2026-01-02T03:04:05.000001Z', '2026-01-02 03:04:05.000001'],
      ['2026-01-02T03:04:05.5+05:30', '2026-01-01 21:34:05.500000'],
      ['1950-01-01 00:00:00-02', '1950-01-01 02:00:00.000000'],
      ['9999-12-31 23:59:59.999999'],
    ],
    refused: [
      '2026-02-30 00:00:00',
      '2026-01-01 25:00:00',
      '2026-01-01 00:00:00+99:00',
      '2026-01-01 00:00:00.1234567',
      '9999-12-31 23:59:59-02',
      '0000-01-01 00:00:00+02',
      'soon',
      '',
    ],
  },
  {
    type: 'datetime',
    kept: [['2026-01-02 03:04:05.000', '2026-01-02 03:04:05']],
    refused: ['2026-01-02 03:04:05.4', '2026-01-02'],
  },
  {
    type: 'timestamp(6) NULL',
    kept: [['2026-01-02 03:04:05.678901']],
    refused: ['1969-01-01 00:00:00', '9999-01-01 00:00:00', '0000-00-00 00:00:00'],
  },
  {
    type: 'time(3)',
    kept: [['12:34:56.789'], ['-838:59:59', '-838:59:59.000'], ['10:11', '10:11:00.000']],
    refused: ['12:34:56.7891', '839:00:00', '12:61:00', 'noon', ''],
  },
  { type: 'year', kept: [['2026'], ['1901']], refused: ['26', '1900', '2156', ''] },
  {
    type: 'boolean',
    kept: [
      ['true', '1'],
      ['false', '0'],
    ],
    refused: ['perhaps', '', '1.5'],
  },
  {
    type: 'bit(1)',
    kept: [
      ['1', '\u0001'],
      ['false', '\u0000'],
    ],
    refused: ['2', 'yes', ''],
  },
  {
    type: "enum('calm','it''s','Calm down','2')",
    kept: [['calm'], ["it's"], ['2']],
    refused: ['CALM', 'calm ', '1', '', 'calm,2'],
  },
  {
    type: "set('a','b')",
    kept: [['a'], ['a,b'], ['']],
    refused: ['A', 'c', '1', 'a,c', 'a, b', ','],
  },
  {
    type: 'char(36)',
    kept: [['123E4567-E89B-12D3-A456-426614174000'], ['short'], ['']],
    refused: ['ends with a blank ', 'a'.repeat(37)],
  },
  { type: 'varchar(5)', kept: [['abcde'], ['ab\u{1F9FE}cd'], ['ab   ']], refused: ['abcdef', 'abc   '] },
  {
    type: 'tinytext',
    kept: [['a'.repeat(255)], ['é'.repeat(127)]],
    refused: ['a'.repeat(256), `${'é'.repeat(127)}  `, `${'a'.repeat(255)} `],
  },
  { type: 'varchar(20) CHARACTER SET latin1', kept: [['café €']], refused: ['\u{1F9FE}', '漢', 'Ω'] },
  { type: 'varchar(20) CHARACTER SET utf8mb3', kept: [['漢字']], refused: ['\u{1F9FE}'] },
  { type: 'varchar(20) CHARACTER SET ascii', kept: [['abc']], refused: ['é'] },
];

const uuidBytes: ColumnCases = {
  type: 'binary(16)',
  kept: [['61626364-6566-6768-696a-6b6c6d6e6f70', 'abcdefghijklmnop']],
  refused: ['abcdefghijklmnop', '61626364', ''],
};

const mysqlJson: ColumnCases = {
  type: 'json',
  kept: [['{"a": 1.5, "b": 9007199254740993}'], ['[]'], ['"\u{1F9FE}"'], ['null'], ['18446744073709551615']],
  refused: [
    '{',
    '',
    "{'a': 1}",
    '{"a": 1} x',
    '12345678901234567890123',
    '{"a": 0.12345678901234567891}',
    '1e400',
  ],
};

const mariadb: readonly ColumnCases[] = [
  {
    type: 'json',
    kept: [['{"a": 1.10, "b": 12345678901234567890123}'], ['[]'], ['null']],
    refused: ['{', '', "{'a': 1}", '{"a": 1} x'],
  },
  {
    type: 'uuid',
    kept: [
      ['123e4567-e89b-12d3-a456-426614174000'],
      ['123E4567-E89B-12D3-A456-426614174000', '123e4567-e89b-12d3-a456-426614174000'],
    ],
    refused: ['123e4567-e89b-12d3-a456-42661417400', 'not a uuid', ''],
  },
];

export function columnCases({ engine, name }: TestEngine): readonly ColumnCases[] {
  if (engine === 'postgres') return postgres;
  return [...mysql, uuidBytes, ...(name.startsWith('MariaDB') ? mariadb : [mysqlJson])];
}

/** A table with a column for each of the cases, and a row in it. */
export function keptTable({ engine }: TestEngine, cases: readonly ColumnCases[]): string {
  const columns = cases.map(({ type }, n) => `c${n} ${type}`).join(', ');
  const mood =
    engine === 'postgres'
      ? `CREATE TYPE mood AS ENUM ('calm', 'it''s'); CREATE DOMAIN domain_of_numeric AS numeric(20, 2);`
      : '';
  const characters = engine === 'postgres' ? '' : 'DEFAULT CHARACTER SET utf8mb4';
  return `${mood}
    CREATE TABLE kept (id int PRIMARY KEY, version int NOT NULL, ${columns}) ${characters};
    INSERT INTO kept (id, version) VALUES (1, 1);`;
}
