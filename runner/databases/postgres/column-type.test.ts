import { describe, expect, test } from 'vitest';
import { isKept } from './column-type.ts';

const numeric = (precision: number, scale: number) => ((precision << 16) | (scale & 0x7ff)) + 4;
const type = (name: string, modifier = -1) => ({ sql: name, name, modifier, isReadable: true });

describe.each([
  [
    'numeric(20, 4)',
    type('numeric', numeric(20, 4)),
    ['1.2345', '-0.00010', '1e3', '12e-4', 'NaN', '.5'],
    ['0.00001', '1.23456', '1e-5'],
  ],
  ['numeric(5, -2)', type('numeric', numeric(5, -2)), ['1200', '0', '5e2'], ['1250', '1']],
  ['numeric', type('numeric'), ['0.000000000000000000001'], []],
  [
    'double precision',
    type('float8'),
    ['0.1', '1e308', '-0', '123456789012345'],
    ['0.1234567890123456789', '9007199254740993'],
  ],
  ['real', type('float4'), ['0.1', '16777216', '1.5'], ['0.123456789', '16777217']],
  ['varchar(5)', type('varchar', 9), ['abcde', 'abc  ', '𝒳𝒳𝒳𝒳𝒳'], ['abc    ', 'abcdef']],
  ['varchar', type('varchar'), ['abc    '], []],
  ['name', type('name'), ['a'.repeat(63)], ['é'.repeat(32)]],
  [
    'timestamptz(3)',
    type('timestamptz', 3),
    ['2026-01-01 00:00:00.123+02', '2026-01-01T00:00:00.1230Z', 'infinity'],
    ['2026-01-01 00:00:00.1234Z', 'now', ' Today'],
  ],
  [
    'timestamptz',
    type('timestamptz'),
    ['2026-01-01 00:00:00.123456 Europe/Paris'],
    ['2026-01-01 00:00:00.1234567Z'],
  ],
  [
    'timestamp',
    type('timestamp'),
    [
      '2026-01-01 00:00:00',
      '2026-01-01T00:00:00Z',
      '2026-01-01 00:00:00+00',
      '2026-01-01 00:00:00+00:00',
      '0044-03-15 00:00:00 BC',
    ],
    [
      '2026-01-01 00:00:00+02',
      '2026-01-01 00:00:00-00:30',
      '2026-01-01 00:00:00 PST',
      '2026-01-01 00:00:00 Europe/Paris',
    ],
  ],
  ['date', type('date'), ['2026-01-01', '20260101', 'infinity'], ['2026-01-01 10:00:00', 'tomorrow']],
  [
    'time',
    type('time', 0),
    ['10:00', '10:00:00'],
    ['10:00:00.5', '10:00:00+02', '2026-01-01 10:00:00', 'now'],
  ],
  ['text', type('text'), ['anything  '], []],
])('%s', (_name, column, kept, lost) => {
  test.each(kept)('keeps %j', (text) => expect(isKept(column, text)).toBe(true));
  if (lost.length > 0)
    test.each(lost)('would not keep %j', (text) => expect(isKept(column, text)).toBe(false));
});
