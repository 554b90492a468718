import {
  about,
  applied,
  conflict,
  failed,
  type HostileCase,
  having,
  refused,
  shown,
} from './hostile-case.ts';

const names = [
  ['a quote and a statement', 'invoices"; DROP TABLE public.users; --'],
  ['a condition that holds', "x' OR '1'='1"],
  ['a comment', 'invoices/**/'],
  ['a line comment', 'invoices--'],
  ['a semicolon', 'invoices;'],
  ['a backslash', 'in\\voices'],
  ['a NUL', 'invoices\u0000'],
  ['a line break', 'invoices\n'],
  ['half a character', 'invoices\ud800'],
  ['a Cyrillic letter', 'inv\u043eices'],
  ['a long s', 'invoice\u017f'],
  ['a no-break space', 'invoices\u00a0'],
  ['a dot', 'public.invoices'],
  ['a blank before', ' invoices'],
  ['a parameter', '$1'],
  ['a digit before', '1nvoices'],
  ['64 letters', 'v'.repeat(64)],
  ['no letters', ''],
] as const;

const places: readonly (readonly [what: string, spoil: (name: string) => ReturnType<typeof having>])[] = [
  ['schema', (name) => having('target.schema', name)],
  ['table', (name) => having('target.table', name)],
  ['key column', (name) => having('target.primary_key.column', name)],
  ['tenant column', (name) => having('tenant_guard.column', name)],
  ['version column', (name) => having('conflict_guard.column', name)],
  ['allowed column', (name) => having('allowed_columns', ['late_fee_cents', 'waiver_reason', name])],
  ['patch column', (name) => having('patch', { [name]: 1 })],
];

const identifiers = places.flatMap(([place, spoil]) =>
  names.map(([what, name]) => refused(`${what} in its ${place}`, 'INVALID_IDENTIFIER', spoil(name))),
);

/** Written as it stands, and nothing else: a value is only ever a value. */
const texts = [
  "'; DROP TABLE public.users; --",
  "' || (SELECT rolpassword FROM pg_authid LIMIT 1) || '",
  "x', total = 0, owner = 'me",
  "$1', $2",
  '$$; DELETE FROM public.users; $$',
  "E'\\x41'",
  '\\',
  "\\'; SELECT pg_sleep(9); --",
  '"; DROP SCHEMA shadow CASCADE; --',
  'DEFAULT',
  'NULL',
  'now()',
  'CURRENT_USER',
  '\\N',
  '\\x00',
  '%s%n%x',
  '$(touch /etc/hostile)',
  '{{7*7}}',
  '/* */ --',
  '\u202egnissap',
  '\ufeff',
  '\u{1f4b8}\u0301',
  'a\r\nb\tc\u0007\u001b[2J',
  ' goodwill ',
  '\ufb01\uff07 OR 1=1',
  '',
  '__proto__',
  '[object Object]',
  'null',
];

const values = texts.map((text) =>
  applied(
    `the plain value ${shown(text)}`,
    { waiver_reason: text, late_fee_cents: '0' },
    having('patch.waiver_reason', text),
  ),
);

const unsendable = [
  refused('a value with a NUL', 'VALUE_TYPE', having('patch.waiver_reason', 'a\u0000b')),
  refused('a value that is a NUL', 'VALUE_TYPE', having('patch.waiver_reason', '\u0000')),
  refused(
    'a value with the first half of a character',
    'VALUE_TYPE',
    having('patch.waiver_reason', 'a\ud83d'),
  ),
  refused(
    'a value with the second half of a character',
    'VALUE_TYPE',
    having('patch.waiver_reason', '\udcb8a'),
  ),
  refused('a value with its halves exchanged', 'VALUE_TYPE', having('patch.waiver_reason', '\udcb8\ud83d')),
  refused(
    'a value with too many characters',
    'VALUE_TYPE',
    having('patch.waiver_reason', 'v'.repeat(65_537)),
  ),
  applied(
    'a value with as many characters as may be',
    { waiver_reason: 'v'.repeat(65_536), late_fee_cents: '0' },
    having('patch.waiver_reason', 'v'.repeat(65_536)),
  ),
];

const numbers = [
  '0; DROP TABLE public.users',
  '0, total = 0',
  '(SELECT 0)',
  "0'::integer",
  '0--',
  '1 + 1',
  '$1',
  '',
  'NaN',
  'Infinity',
  '0x',
  '1e3',
  '\u0663',
].map((text) =>
  failed(`the text ${shown(text)} for a number`, 'VALUE_REJECTED', having('patch.late_fee_cents', text)),
);

const keys = [
  '1 OR 1=1',
  "INV-1' OR '1'='1",
  "'; DELETE FROM public.users; --",
  'INV-1--',
  '%',
  'INV-_',
  '$1',
  '\\',
  '"id"',
  'INV-1 ',
  ' INV-1',
  'inv-1',
  'INV-1\n',
  'INV\u20111',
  'INV-\uff11',
  'INV-1\u200b',
  'id',
  'NULL',
  '{INV-1}',
  'k'.repeat(1_024),
];

/** The key of no row, however much it looks like one. */
const noKeys = keys.map((key) =>
  conflict(`no row under the key ${short(key)}`, 'ROW_NOT_FOUND', having('target.primary_key.value', key)),
);

/** The key of a row, however little it looks like one. */
const oddKeys = [
  "row ' OR '1'='1",
  'row; DROP TABLE public.users; --',
  'row "',
  'row \\',
  'row $1',
  'row %',
  'row \u200b',
].map((key) =>
  about(
    'public.invoices',
    key,
    applied(`the row whose key is ${shown(key)}`, {
      waiver_reason: 'goodwill',
      late_fee_cents: '0',
    }),
  ),
);

const numberKeys = [
  '1 OR 1=1',
  '1; DROP TABLE public.users',
  '1--',
  "1'",
  '(1)',
  'NULL',
  '1,2',
  '1.0',
  '$1',
  '\u0661',
].map((key) =>
  about(
    'public.ledgers',
    '1',
    failed(`the numbered key ${shown(key)}`, 'VALUE_REJECTED', having('target.primary_key.value', key)),
  ),
);

const unsendableKeys = [
  refused('a key with a NUL', 'VALUE_TYPE', having('target.primary_key.value', 'INV-1\u0000')),
  refused('a key with half a character', 'VALUE_TYPE', having('target.primary_key.value', 'INV-1\udc00')),
  refused('a key without letters', 'VALUE_TYPE', having('target.primary_key.value', '')),
  refused(
    'a key with too many characters',
    'VALUE_TYPE',
    having('target.primary_key.value', 'k'.repeat(1_025)),
  ),
];

function short(text: string): string {
  return text.length > 40 ? `of ${text.length} characters` : shown(text);
}

export const injected: readonly HostileCase[] = [
  ...identifiers,
  ...values,
  ...unsendable,
  ...numbers,
  ...noKeys,
  ...oddKeys,
  ...numberKeys,
  ...unsendableKeys,
];
