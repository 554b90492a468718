/** What the runner of this suite may write; the tables beside these are bait. */
export const configuredTables = {
  'public.invoices': {
    primary_key: 'id',
    tenant: { column: 'tenant_id', values: ['acme'] },
    version: { column: 'version', advance: 'integer' },
    columns: ['late_fee_cents', 'waiver_reason', 'paid', 'amount'],
    protected_columns: ['created_by'],
  },
  'public.ledgers': {
    primary_key: 'id',
    tenant: { column: 'tenant_id', values: ['7'] },
    version: { column: 'version', advance: 'integer' },
    columns: ['balance'],
  },
  // Its tenants are of a type that does not tell trailing blanks apart.
  'public.notes': {
    primary_key: 'id',
    tenant: { column: 'tenant_id', values: ['acme'] },
    version: { column: 'written_at', advance: 'timestamp' },
    columns: ['body'],
  },
  'public.settings': {
    primary_key: 'id',
    tenant: { single_tenant: true },
    version: { column: 'updated_at', advance: 'timestamp' },
    columns: ['value'],
  },
} as const;

/** Tables of the database that no job may ever change, though each could be written like an invoice. */
export const baitTables = [
  'private.invoices',
  'public.Invoices',
  'public.constructor',
  'public.users',
  'shadow.countersign_receipts',
  'shadow.invoices',
  'shadow.ledgers',
] as const;

/** A name in public that is no table, through which invoices could be written. */
export const VIEW = 'open_invoices';
export const OTHER_TENANTS = ['globex', 'ACME', 'acme ', '\u0430cme', '7'] as const;
export const SEEDED_KEY = 'key:of-somebody-else';

/** An invoice with many keys that look like its own. */
export const INVOICE = 'INV-1';

/** A role that may do anything, so that nothing but the runner's own checks stands in the way. */
export const ROLE = { role: 'shop_owner', password: 'shop' } as const;
