/**
 * The tables of the seeded business: two companies that bill their customers from one database. What the
 * runner guards by is ordinary: a primary key, the tenant's column, a version that counts the changes.
 */
export const CUSTOMER_SCHEMA = `
create table public.customers (
  id text primary key,
  tenant_id text not null,
  name text not null,
  email text not null,
  country text not null check (length(country) = 2),
  created_at timestamptz not null
);

create table public.invoices (
  id text primary key,
  tenant_id text not null,
  customer_id text not null references public.customers (id),
  customer_name text not null,
  issued_on date not null,
  due_on date not null check (due_on >= issued_on),
  amount_cents integer not null check (amount_cents >= 0),
  late_fee_cents integer not null default 0 check (late_fee_cents >= 0),
  currency text not null check (length(currency) = 3),
  status text not null check (status in ('draft', 'open', 'overdue', 'paid', 'void')),
  waiver_reason text,
  version integer not null default 1 check (version >= 1),
  updated_at timestamptz not null default now()
);
create index invoices_by_tenant on public.invoices (tenant_id, status, due_on);

create table public.payments (
  id text primary key,
  tenant_id text not null,
  invoice_id text not null references public.invoices (id),
  received_on date not null,
  amount_cents integer not null check (amount_cents > 0),
  method text not null check (method in ('bank_transfer', 'card', 'direct_debit'))
);
create index payments_by_invoice on public.payments (invoice_id);
`;
