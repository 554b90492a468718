import { about, applied, beside, type HostileCase, having, patching, refused } from './hostile-case.ts';
import { INVOICE, VIEW } from './shop-tables.ts';

const otherTables = [
  ['public', 'users', 'a table that is not configured'],
  ['public', VIEW, 'a view of the table'],
  ['public', 'countersign_receipts', 'the receipt table'],
  ['shadow', 'countersign_receipts', 'a second receipt table'],
  ['shadow', 'invoices', 'the same name in a schema that is found first'],
  ['private', 'invoices', 'the same name in another schema'],
  ['public', 'Invoices', 'a table that differs in one letter'],
  ['PUBLIC', 'invoices', 'the schema in capitals'],
  ['Public', 'ledgers', 'the schema with a capital'],
  ['pg_catalog', 'pg_authid', 'the roles of the server'],
  ['pg_catalog', 'pg_class', 'the catalog'],
  ['information_schema', 'tables', 'the information schema'],
  ['pg_temp', 'invoices', 'a temporary table'],
  ['public', 'invoices_pkey', 'an index'],
  ['invoices', 'public', 'schema and table exchanged'],
  ['public', 'public', 'the schema as its table'],
  ['public', 'nowhere', 'a table that is not there'],
].map(([schema, table, what]) =>
  refused(what ?? '', 'TABLE_NOT_CONFIGURED', having('target.schema', schema), having('target.table', table)),
);

const roles = [
  ['id', 'PROTECTED_COLUMN', 'the primary key'],
  ['tenant_id', 'PROTECTED_COLUMN', 'the tenant column'],
  ['version', 'PROTECTED_COLUMN', 'the version column'],
  ['created_by', 'PROTECTED_COLUMN', 'a protected column'],
  ['total', 'COLUMN_NOT_CONFIGURED', 'a column that is not configured'],
  ['owner', 'COLUMN_NOT_CONFIGURED', 'the owner of the row'],
  ['Waiver_Reason', 'COLUMN_NOT_CONFIGURED', 'a column that differs in one letter'],
  ['WAIVER_REASON', 'COLUMN_NOT_CONFIGURED', 'a column in capitals'],
  ['balance', 'COLUMN_NOT_CONFIGURED', 'a column of another table'],
  ['nowhere', 'COLUMN_NOT_CONFIGURED', 'a column that is not there'],
  ['ctid', 'COLUMN_NOT_CONFIGURED', 'the place of the row'],
  ['xmin', 'COLUMN_NOT_CONFIGURED', 'the transaction of the row'],
  ['tableoid', 'COLUMN_NOT_CONFIGURED', 'the table of the row'],
] as const;

const otherColumns = roles.flatMap(([column, reason, what]) => [
  refused(`${what} in patch and allowed columns`, reason, ...patching({ [column]: '1', waiver_reason: 'x' })),
  refused(`${what} in the patch alone`, reason, having('patch', { [column]: '1' })),
  refused(
    `${what} among the allowed columns alone`,
    reason,
    having('allowed_columns', ['late_fee_cents', 'waiver_reason', column]),
  ),
]);

const sameRow = [
  refused('the tenant written as it is', 'PROTECTED_COLUMN', ...patching({ tenant_id: 'acme' })),
  about(
    'public.invoices',
    INVOICE,
    refused('the key written as it is', 'PROTECTED_COLUMN', ...patching({ id: INVOICE })),
  ),
  refused('the version set back', 'PROTECTED_COLUMN', ...patching({ version: 6, waiver_reason: 'x' })),
  refused(
    'a patch outside of what it allows itself',
    'PATCH_OUTSIDE_ALLOWED',
    having('allowed_columns', ['late_fee_cents']),
  ),
  refused('nothing that it allows itself', 'PATCH_OUTSIDE_ALLOWED', having('allowed_columns', ['paid'])),
  refused('an empty patch', 'JOB_MALFORMED', having('patch', {}), having('allowed_columns', ['paid'])),
  refused('a star among the allowed columns', 'INVALID_IDENTIFIER', having('allowed_columns', ['*'])),
  refused('another key column', 'PRIMARY_KEY_MISMATCH', having('target.primary_key.column', 'tenant_id')),
  refused(
    'the version as its key',
    'PRIMARY_KEY_MISMATCH',
    having('target.primary_key', { column: 'version', value: 7 }),
  ),
  refused('its key in capitals', 'PRIMARY_KEY_MISMATCH', having('target.primary_key.column', 'ID')),
  refused(
    'the place of a row as its key',
    'PRIMARY_KEY_MISMATCH',
    having('target.primary_key', { column: 'ctid', value: '(0,1)' }),
  ),
  refused(
    'the guards of the notes on an invoice',
    'VERSION_COLUMN_MISMATCH',
    having('conflict_guard.column', 'written_at'),
  ),
  refused('the columns of the ledgers on an invoice', 'COLUMN_NOT_CONFIGURED', ...patching({ balance: 0 })),
];

/** What stands beside the public job is not carried out, whatever it says. */
const goodwill = { waiver_reason: 'goodwill', late_fee_cents: '0' };
const beyondTheJob = [
  applied('another patch beside the public job', goodwill, beside('patch', { total: 0, created_by: 'me' })),
  applied(
    'another target beside the public job',
    goodwill,
    beside('target', { schema: 'public', table: 'users', primary_key: { column: 'id', value: 'INV-1' } }),
  ),
  applied('wider columns beside the public job', goodwill, beside('allowed_columns', ['total', 'tenant_id'])),
  applied(
    'another tenant beside the public job',
    goodwill,
    beside('tenant_guard', { column: 'tenant_id', value: 'globex' }),
  ),
  applied(
    'more allowed than it writes',
    { paid: 't' },
    having('patch', { paid: true }),
    having('allowed_columns', ['paid', 'amount']),
  ),
  applied(
    'one column allowed many times',
    { paid: 'f' },
    having('patch', { paid: false }),
    having('allowed_columns', ['paid', 'paid', 'paid']),
  ),
];

export const widened: readonly HostileCase[] = [...otherTables, ...otherColumns, ...sameRow, ...beyondTheJob];
