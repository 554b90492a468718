import {
  about,
  applied,
  conflict,
  type HostileCase,
  having,
  patching,
  refused,
  shown,
  without,
} from './hostile-case.ts';

const notAllowed = [
  ['another tenant', 'globex'],
  ['a tenant that is not there', 'nobody'],
  ['capitals', 'ACME'],
  ['a capital', 'Acme'],
  ['a blank after', 'acme '],
  ['a blank before', ' acme'],
  ['the blanks of a padded column', 'acme    '],
  ['a tab after', 'acme\t'],
  ['a line break after', 'acme\n'],
  ['a no-break space after', 'acme\u00a0'],
  ['a zero-width space inside', 'ac\u200bme'],
  ['a byte order mark before', '\ufeffacme'],
  ['a soft hyphen inside', 'ac\u00adme'],
  ['a right-to-left mark', 'acme\u200f'],
  ['a Cyrillic letter', '\u0430cme'],
  ['full-width letters', '\uff41\uff43\uff4d\uff45'],
  ['a combining accent', 'acme\u0301'],
  ['an accented letter', 'acm\u00e9'],
  ['a NUL after', 'acme\u0000'],
  ['half a character after', 'acme\ud800'],
  ['quotes around it', "'acme'"],
  ['double quotes around it', '"acme"'],
  ['a condition that holds', "acme' OR '1'='1"],
  ['a comment after', 'acme --'],
  ['a wildcard', '%'],
  ['a wildcard for one letter', 'acm_'],
  ['a star', '*'],
  ['a list in a text', 'acme,globex'],
  ['an array of the database', '{acme}'],
  ['a prefix', 'acm'],
  ['the name twice', 'acmeacme'],
  ['half the name', 'ac'],
  ['the word null', 'null'],
  ['the word undefined', 'undefined'],
  ['the text of an object', '[object Object]'],
  ['a blank', ' '],
  ['another table\u2019s tenant', '7'],
  ['another table\u2019s tenant as a number', 7],
  ['zero', 0],
  ['true', true],
  ['false', false],
] as const;

const otherTenants = notAllowed.map(([what, value]) =>
  refused(`the tenant with ${what}`, 'TENANT_NOT_ALLOWED', having('tenant_guard.value', value)),
);

const noTenant = [
  refused('no value of its tenant guard', 'TENANT_GUARD_MISSING', without('tenant_guard.value')),
  refused('a tenant of null', 'TENANT_GUARD_MISSING', having('tenant_guard.value', null)),
  refused('a tenant without letters', 'TENANT_GUARD_MISSING', having('tenant_guard.value', '')),
  refused(
    'a claim that there are no tenants',
    'JOB_UNKNOWN_FIELD',
    having('tenant_guard', { single_tenant: true }),
  ),
  refused('a tenant guard that is true', 'TENANT_GUARD_MISSING', having('tenant_guard', true)),
  refused('a tenant guard that is a text', 'TENANT_GUARD_MISSING', having('tenant_guard', 'acme')),
  refused(
    'two tenants in a list of guards',
    'TENANT_GUARD_MISSING',
    having('tenant_guard', [
      { column: 'tenant_id', value: 'acme' },
      { column: 'tenant_id', value: 'globex' },
    ]),
  ),
  refused('tenants in a list', 'VALUE_TYPE', having('tenant_guard.value', ['acme'])),
  refused('two tenants in a list', 'VALUE_TYPE', having('tenant_guard.value', ['acme', 'globex'])),
  refused('a tenant that is an object', 'VALUE_TYPE', having('tenant_guard.value', { value: 'acme' })),
  refused('a tenant of operators', 'VALUE_TYPE', having('tenant_guard.value', { $ne: 'nobody' })),
];

const otherColumn = ['id', 'version', 'owner', 'created_by', 'TENANT_ID', 'tenant', 'nowhere'].map((column) =>
  refused(`the tenant guard on ${column}`, 'TENANT_COLUMN_MISMATCH', having('tenant_guard.column', column)),
);

const padded = ['acme ', 'acme    ', 'ACME', 'globex'].map((tenant) =>
  about(
    'public.notes',
    'NOTE-1',
    refused(
      `the tenant ${shown(tenant)} of a padded column`,
      'TENANT_NOT_ALLOWED',
      having('tenant_guard.value', tenant),
    ),
  ),
);

const numbered = [8, '8', ' 7', '7 ', '07', '+7', '7.0', '0x7', 7.5, -7, true].map((tenant) =>
  about(
    'public.ledgers',
    '1',
    refused(
      `the numbered tenant ${shown(tenant)}`,
      'TENANT_NOT_ALLOWED',
      having('tenant_guard.value', tenant),
    ),
  ),
);

const theirRows = [
  about(
    'public.ledgers',
    '1',
    conflict(
      'the key of another tenant\u2019s row',
      'ROW_NOT_FOUND',
      having('target.primary_key.value', 1001),
    ),
  ),
  refused(
    'the move of a row to another tenant',
    'PROTECTED_COLUMN',
    ...patching({ tenant_id: 'globex', waiver_reason: 'x' }),
  ),
  about(
    'public.ledgers',
    '2',
    applied('its numbered tenant as a text', { balance: '0' }, having('tenant_guard.value', '7')),
  ),
  // Without tenants the guard is a label, as configured.
  about(
    'public.settings',
    '1',
    applied(
      'a tenant for a table without tenants',
      { value: 'goodwill' },
      having('tenant_guard.value', 'globex'),
    ),
  ),
  about(
    'public.settings',
    '2',
    applied(
      'no tenant for a table without tenants',
      { value: 'goodwill' },
      having('tenant_guard.value', null),
    ),
  ),
  about(
    'public.settings',
    '3',
    applied(
      'a tenant guard on a row that says another',
      { value: 'goodwill' },
      having('tenant_guard', { column: 'tenant_id', value: 'globex' }),
    ),
  ),
  about(
    'public.settings',
    '1',
    refused(
      'no tenant guard for a table without tenants',
      'TENANT_GUARD_MISSING',
      without('tenant_guard'),
      having('lease.attempt', 2),
    ),
  ),
];

export const crossTenant: readonly HostileCase[] = [
  ...otherTenants,
  ...noTenant,
  ...otherColumn,
  ...padded,
  ...numbered,
  ...theirRows,
];
