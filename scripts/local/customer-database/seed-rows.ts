/* The seeded business, the same rows every time, so that scripts and tests can name them. */

type Status = 'draft' | 'open' | 'overdue' | 'paid' | 'void';

export type CustomerRow = {
  id: string;
  tenant_id: 'acme' | 'globex';
  name: string;
  email: string;
  country: string;
  created_at: string;
};

export type InvoiceRow = {
  id: string;
  tenant_id: CustomerRow['tenant_id'];
  customer_id: string;
  customer_name: string;
  issued_on: string;
  due_on: string;
  amount_cents: number;
  late_fee_cents: number;
  currency: string;
  status: Status;
  version: number;
  updated_at: string;
};

export type PaymentRow = {
  id: string;
  tenant_id: CustomerRow['tenant_id'];
  invoice_id: string;
  received_on: string;
  amount_cents: number;
  method: 'bank_transfer' | 'card' | 'direct_debit';
};

const FIRST_INVOICE = 3001;
const INVOICE_COUNT = 40;
const PAYMENT_TERM_DAYS = 30;
const FIRST_ISSUED = Date.UTC(2026, 0, 5);
const DAY_MS = 24 * 60 * 60 * 1000;

const STATUSES: readonly Status[] = ['overdue', 'paid', 'open', 'paid', 'overdue', 'draft', 'paid', 'void'];
const LATE_FEES_CENTS = [5500, 2500, 4000, 7500];
const METHODS: readonly PaymentRow['method'][] = ['bank_transfer', 'card', 'direct_debit'];

export const CUSTOMERS: readonly CustomerRow[] = [
  customer('CUS-101', 'acme', 'Northwind Bakery', 'accounts@northwind.example', 'US'),
  customer('CUS-102', 'acme', 'Halden Fjord Tours', 'faktura@halden.example', 'NO'),
  customer('CUS-201', 'globex', 'Brightwater Clinics', 'billing@brightwater.example', 'GB'),
  customer('CUS-103', 'acme', "O'Leary & Daughters", 'books@oleary.example', 'IE'),
  customer('CUS-104', 'acme', 'Sakura Paper Works', 'keiri@sakura.example', 'JP'),
  customer('CUS-202', 'globex', 'Ferro e Figli', 'contabilita@ferro.example', 'IT'),
  customer('CUS-105', 'acme', 'Blue Mesa Outfitters', 'ap@bluemesa.example', 'US'),
  customer('CUS-106', 'acme', 'Atelier Véronique', 'compta@atelier.example', 'FR'),
  customer('CUS-203', 'globex', 'Kowalski Logistics', 'faktury@kowalski.example', 'PL'),
];

export const INVOICES: readonly InvoiceRow[] = Array.from({ length: INVOICE_COUNT }, (_, index) =>
  invoice(index),
);

export const PAYMENTS: readonly PaymentRow[] = INVOICES.filter((row) => row.status === 'paid').flatMap(
  paymentsFor,
);

function customer(
  id: string,
  tenantId: CustomerRow['tenant_id'],
  name: string,
  email: string,
  country: string,
): CustomerRow {
  return { id, tenant_id: tenantId, name, email, country, created_at: '2025-11-03T09:00:00Z' };
}

/** Customers take turns, so that every third invoice is globex's; amounts only look arbitrary. */
function invoice(index: number): InvoiceRow {
  const { id, tenant_id, name, country } = pick(CUSTOMERS, index);
  const status = pick(STATUSES, index);
  const issued = FIRST_ISSUED + index * 4 * DAY_MS;
  return {
    id: `INV-${FIRST_INVOICE + index}`,
    tenant_id,
    customer_id: id,
    customer_name: name,
    issued_on: day(issued),
    due_on: day(issued + PAYMENT_TERM_DAYS * DAY_MS),
    amount_cents: 18_400 + ((index * 37_291) % 240_000),
    late_fee_cents: status === 'overdue' ? pick(LATE_FEES_CENTS, index / 4) : 0,
    currency: country === 'US' ? 'USD' : 'EUR',
    status,
    version: 1 + (((index + 2) * 3) % 8),
    updated_at: new Date(issued + PAYMENT_TERM_DAYS * DAY_MS).toISOString(),
  };
}

/** A large invoice was paid in two halves. */
function paymentsFor(row: InvoiceRow, index: number): PaymentRow[] {
  const half = Math.floor(row.amount_cents / 2);
  const parts = row.amount_cents > 150_000 ? [half, row.amount_cents - half] : [row.amount_cents];
  return parts.map((amount, part) => ({
    id: `PAY-${row.id.slice('INV-'.length)}-${part + 1}`,
    tenant_id: row.tenant_id,
    invoice_id: row.id,
    received_on: day(Date.parse(row.due_on) - (10 - part * 7) * DAY_MS),
    amount_cents: amount,
    method: pick(METHODS, index),
  }));
}

function pick<T>(values: readonly T[], index: number): T {
  const value = values[Math.floor(index) % values.length];
  if (value === undefined) throw new RangeError('nothing to pick from');
  return value;
}

function day(time: number): string {
  return new Date(time).toISOString().slice(0, 10);
}
