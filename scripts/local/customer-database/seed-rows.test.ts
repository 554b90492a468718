import { expect, test } from 'vitest';
import { CUSTOMERS, INVOICES, PAYMENTS } from './seed-rows.ts';

test('INV-3001 is the invoice that the story is about', () => {
  expect(INVOICES[0]).toMatchObject({
    id: 'INV-3001',
    tenant_id: 'acme',
    late_fee_cents: 5500,
    status: 'overdue',
    version: 7,
  });
});

test('both tenants have invoices, of their own customers', () => {
  expect(INVOICES).toHaveLength(40);
  expect(new Set(INVOICES.map((invoice) => invoice.id)).size).toBe(40);
  const owners = new Map(CUSTOMERS.map((customer) => [customer.id, customer.tenant_id]));
  for (const invoice of INVOICES) expect(invoice.tenant_id).toBe(owners.get(invoice.customer_id));
  expect(new Set(INVOICES.map((invoice) => invoice.tenant_id))).toEqual(new Set(['acme', 'globex']));
});

test('what was paid adds up, and nothing else was paid', () => {
  for (const invoice of INVOICES) {
    const payments = PAYMENTS.filter((payment) => payment.invoice_id === invoice.id);
    const paid = payments.reduce((sum, payment) => sum + payment.amount_cents, 0);
    expect(paid).toBe(invoice.status === 'paid' ? invoice.amount_cents : 0);
  }
});
