import {
  about,
  applied,
  conflict,
  failed,
  type HostileCase,
  having,
  patching,
  refused,
  replacing,
  type Spoil,
  without,
} from './hostile-case.ts';
import { INVOICE } from './shop-tables.ts';

const prototypeNames = ['__proto__', 'constructor', 'toString', 'hasOwnProperty', 'prototype'];
const places: readonly (readonly [what: string, reason: string, spoil: (name: string) => Spoil])[] = [
  ['schema', 'TABLE_NOT_CONFIGURED', (name) => having('target.schema', name)],
  ['table', 'TABLE_NOT_CONFIGURED', (name) => having('target.table', name)],
  ['key column', 'PRIMARY_KEY_MISMATCH', (name) => having('target.primary_key.column', name)],
  ['tenant column', 'TENANT_COLUMN_MISMATCH', (name) => having('tenant_guard.column', name)],
  ['tenant', 'TENANT_NOT_ALLOWED', (name) => having('tenant_guard.value', name)],
  ['version column', 'VERSION_COLUMN_MISMATCH', (name) => having('conflict_guard.column', name)],
  ['kind of guard', 'VERSION_GUARD_MISSING', (name) => having('conflict_guard.kind', name)],
  [
    'allowed column',
    'COLUMN_NOT_CONFIGURED',
    (name) => having('allowed_columns', ['late_fee_cents', 'waiver_reason', name]),
  ],
  ['source', 'SOURCE_NOT_MINE', (name) => having('runner_scope.source_id', name)],
  ['project', 'PROJECT_MISMATCH', (name) => having('runner_scope.project_id', name)],
  ['engine', 'ENGINE_MISMATCH', (name) => having('engine', name)],
  ['operation', 'JOB_MALFORMED', (name) => having('operation', name)],
];

const prototypes = places.flatMap(([place, reason, spoil]) =>
  prototypeNames.map((name) => refused(`${name} as its ${place}`, reason, spoil(name))),
);
const prototypeColumns = prototypeNames
  .filter((name) => name !== '__proto__')
  .map((name) =>
    refused(`${name} as a patch column`, 'COLUMN_NOT_CONFIGURED', having('patch', { [name]: 'x' })),
  );

/** No object can have this name as a field that it is written down with. */
const proto = [
  refused(
    '__proto__ as its only patch column',
    'JOB_MALFORMED',
    replacing('"patch":{"waiver_reason":"goodwill","late_fee_cents":0}', '"patch":{"__proto__":"x"}'),
  ),
  refused(
    '__proto__ beside a patch column',
    'COLUMN_NOT_CONFIGURED',
    replacing('"waiver_reason":"goodwill"', '"waiver_reason":"goodwill","__proto__":"x"'),
  ),
  refused(
    'a patch under __proto__',
    'JOB_MALFORMED',
    replacing('"patch":{"waiver_reason":"goodwill","late_fee_cents":0}', '"patch":{"__proto__":{"total":0}}'),
  ),
  refused(
    'its whole public job under __proto__',
    'JOB_UNKNOWN_FIELD',
    replacing('"writeback_job":{', '"writeback_job":{"__proto__":{'),
    { text: (json) => `${json}}` },
  ),
  refused(
    'an own constructor with a prototype',
    'JOB_UNKNOWN_FIELD',
    having('constructor', { prototype: { force: true } }),
  ),
];

const valueFields: readonly (readonly [path: string, missing: string])[] = [
  ['target.primary_key.value', 'JOB_MALFORMED'],
  ['tenant_guard.value', 'TENANT_GUARD_MISSING'],
  ['conflict_guard.expected_value', 'VERSION_GUARD_MISSING'],
  ['patch.waiver_reason', ''],
];

const noScalars: readonly (readonly [what: string, value: unknown])[] = [
  ['an empty list', []],
  ['a list of one', ['x']],
  ['an empty object', {}],
  ['an object of operators', { $gt: '' }],
  ['an object with a text', { toString: 'x', valueOf: 'x' }],
  ['an object like a cast', { value: '1', type: 'regclass' }],
];

const valuesOfOtherKinds = valueFields.flatMap(([path, missing]) => [
  ...noScalars.map(([what, value]) => refused(`${what} as ${path}`, 'VALUE_TYPE', having(path, value))),
  ...(missing === '' || path === 'tenant_guard.value'
    ? []
    : [refused(`nothing as ${path}`, missing, without(path))]),
]);

const VALUE = '"late_fee_cents":0';
const KEY = `"value":"${INVOICE}"`;
const VERSION = '"expected_value":7';

const inexact = [
  ['1e400', 'more than any double'],
  ['-1e400', 'less than any double'],
  ['9007199254740992', 'the first unsafe integer'],
  ['-9007199254740992', 'the last unsafe integer'],
  ['9223372036854775807', 'the largest bigint'],
  ['1e21', 'an integer with an exponent'],
  ['1e308', 'nearly the largest double'],
].flatMap(([number, what]) => [
  refused(`${what} as a value`, 'VALUE_TYPE', replacing(VALUE, `"late_fee_cents":${number}`)),
  about(
    'public.invoices',
    INVOICE,
    refused(`${what} as a key`, 'VALUE_TYPE', replacing(KEY, `"value":${number}`)),
  ),
  refused(`${what} as a version`, 'VALUE_TYPE', replacing(VERSION, `"expected_value":${number}`)),
]);

const keysAndVersions = [
  ['null', 'null'],
  ['true', 'true'],
  ['false', 'false'],
  ['0.5', 'a fraction'],
  ['1e-400', 'less than the smallest double'],
].flatMap(([json = '', what]) => [
  // What is too small for a double is zero.
  json === '1e-400'
    ? about(
        'public.invoices',
        INVOICE,
        conflict(`${what} as a key`, 'ROW_NOT_FOUND', replacing(KEY, `"value":${json}`)),
      )
    : about(
        'public.invoices',
        INVOICE,
        refused(`${what} as a key`, 'VALUE_TYPE', replacing(KEY, `"value":${json}`)),
      ),
  json === '1e-400'
    ? conflict(`${what} as a version`, 'VERSION_CONFLICT', replacing(VERSION, `"expected_value":${json}`))
    : refused(`${what} as a version`, 'VALUE_TYPE', replacing(VERSION, `"expected_value":${json}`)),
]);

const rejected = [
  failed('a truth for an integer', 'VALUE_REJECTED', having('patch.late_fee_cents', true)),
  failed('a fraction for an integer', 'VALUE_REJECTED', having('patch.late_fee_cents', 0.5)),
  failed('a small fraction for an integer', 'VALUE_REJECTED', having('patch.late_fee_cents', 1e-7)),
  failed('too large an integer', 'VALUE_REJECTED', having('patch.late_fee_cents', 2 ** 31)),
  failed(
    'the largest safe integer for an integer',
    'VALUE_REJECTED',
    having('patch.late_fee_cents', Number.MAX_SAFE_INTEGER),
  ),
  failed('a number below what a check allows', 'CONSTRAINT_VIOLATED', having('patch.late_fee_cents', -1)),
  failed('null where there must be a value', 'CONSTRAINT_VIOLATED', having('patch.late_fee_cents', null)),
  failed('a word for a truth', 'VALUE_REJECTED', ...patching({ paid: 'perhaps' })),
  failed('two for a truth', 'VALUE_REJECTED', ...patching({ paid: 2 })),
  failed('a truth for a number of any size', 'VALUE_REJECTED', ...patching({ amount: false })),
];

const taken = [
  applied('a text for an integer', { late_fee_cents: '12' }, ...patching({ late_fee_cents: '12' })),
  applied(
    'a text with blanks for an integer',
    { late_fee_cents: '12' },
    ...patching({ late_fee_cents: ' 12 ' }),
  ),
  applied(
    'a text with a sign for an integer',
    { late_fee_cents: '12' },
    ...patching({ late_fee_cents: '+12' }),
  ),
  applied(
    'an exponent for an integer',
    { late_fee_cents: '1000', waiver_reason: 'goodwill' },
    replacing(VALUE, '"late_fee_cents":1e3'),
  ),
  applied(
    'a fraction of zero for an integer',
    { late_fee_cents: '3', waiver_reason: 'goodwill' },
    replacing(VALUE, '"late_fee_cents":3.0'),
  ),
  applied(
    'a negative zero for an integer',
    { late_fee_cents: '0', waiver_reason: 'goodwill' },
    replacing(VALUE, '"late_fee_cents":-0'),
  ),
  applied(
    'the largest integer',
    { late_fee_cents: '2147483647' },
    ...patching({ late_fee_cents: 2_147_483_647 }),
  ),
  applied('a number for a text', { waiver_reason: '1.5' }, ...patching({ waiver_reason: 1.5 })),
  applied('a small number for a text', { waiver_reason: '1e-7' }, ...patching({ waiver_reason: 1e-7 })),
  applied('a truth for a text', { waiver_reason: 'true' }, ...patching({ waiver_reason: true })),
  applied('null for a text', { waiver_reason: null }, ...patching({ waiver_reason: null })),
  applied('one for a truth', { paid: 't' }, ...patching({ paid: 1 })),
  applied('a word for yes', { paid: 't' }, ...patching({ paid: 'yes' })),
  applied(
    'a number with many digits as a text',
    { amount: '123456789012345678901234567890.5' },
    ...patching({ amount: '123456789012345678901234567890.5' }),
  ),
  applied('no number for a number of any size', { amount: 'NaN' }, ...patching({ amount: 'NaN' })),
];

const numberedRows = [
  about(
    'public.ledgers',
    '3',
    applied('a text for a numbered key', { balance: '0' }, having('target.primary_key.value', '3')),
  ),
  about(
    'public.ledgers',
    '4',
    applied('a number for a numbered key', { balance: '0' }, having('target.primary_key.value', 4)),
  ),
  about(
    'public.ledgers',
    '5',
    applied('a numbered key with blanks', { balance: '0' }, having('target.primary_key.value', ' 5 ')),
  ),
  about(
    'public.ledgers',
    '6',
    applied('a numbered key with zeros', { balance: '0' }, having('target.primary_key.value', '006')),
  ),
  about(
    'public.ledgers',
    '1',
    failed(
      'a key larger than any',
      'VALUE_REJECTED',
      having('target.primary_key.value', '9223372036854775808'),
    ),
  ),
  about(
    'public.ledgers',
    '1',
    conflict('a key below zero', 'ROW_NOT_FOUND', having('target.primary_key.value', -1)),
  ),
  about(
    'public.ledgers',
    '1',
    conflict('a key of a negative zero', 'ROW_NOT_FOUND', replacing('"value":"1"', '"value":-0')),
  ),
  conflict('a number for the key of a text', 'ROW_NOT_FOUND', having('target.primary_key.value', 1)),
];

export const typeConfused: readonly HostileCase[] = [
  ...prototypes,
  ...prototypeColumns,
  ...proto,
  ...valuesOfOtherKinds,
  ...inexact,
  ...keysAndVersions,
  ...rejected,
  ...taken,
  ...numberedRows,
];
