import type { ProposeRequest } from '@countersign/protocol/proposal-requests';
import pg from 'pg';

/** An invoice as the customer's own people see it in their database. */
export interface Invoice {
  readonly id: string;
  readonly late_fee_cents: number;
  readonly waiver_reason: string | null;
  readonly version: number;
}

export interface Receipt {
  readonly job_id: string;
  readonly status: string;
  readonly result_hash: string;
  readonly result_version: string;
}

/** The customer's database, looked at directly: not through the product, so that it can be checked. */
export class CustomerDatabase {
  readonly #url: string;

  constructor(url: string) {
    this.#url = url;
  }

  async invoice(id: string): Promise<Invoice> {
    const sql = 'SELECT id, late_fee_cents, waiver_reason, version FROM public.invoices WHERE id = $1';
    const [row] = await this.#query<Invoice>(sql, id);
    if (row === undefined) throw new Error(`the seeded invoice ${id} is gone; start with --fresh`);
    return row;
  }

  async receipts(proposalId: string): Promise<Receipt[]> {
    const sql =
      'SELECT job_id, status, result_hash, result_version FROM public.countersign_receipts WHERE proposal_id = $1';
    return this.#query<Receipt>(sql, proposalId);
  }

  /** Somebody at the customer changes an invoice by hand. */
  async editByHand(id: string, lateFeeCents: number): Promise<void> {
    const sql = 'UPDATE public.invoices SET late_fee_cents = $2, version = version + 1 WHERE id = $1';
    await this.#query(sql, id, lateFeeCents);
  }

  async #query<Row extends object>(sql: string, ...values: unknown[]): Promise<Row[]> {
    const client = new pg.Client({ connectionString: this.#url });
    await client.connect();
    try {
      const { rows } = await client.query<Row>(sql, values);
      return rows;
    } finally {
      await client.end();
    }
  }
}

/** The change set for waiving an invoice's late fee, as an agent that has just read the invoice makes it. */
export function waiver(sourceId: string, invoice: Invoice, why: string): ProposeRequest {
  const before = { late_fee_cents: invoice.late_fee_cents, waiver_reason: invoice.waiver_reason };
  const patch = { late_fee_cents: 0, waiver_reason: why };
  return {
    source_id: sourceId,
    reason: why,
    change_set: {
      schema_version: 'synapsor.change-set.v1',
      proposal_version: 1,
      action: 'billing.waive_late_fee',
      mode: 'review_required',
      principal: { id: 'support_agent_17', source: 'trusted_session' },
      scope: { tenant_id: 'acme', business_object: 'invoice', object_id: invoice.id },
      source: {
        kind: 'external_postgres',
        source_id: sourceId,
        schema: 'public',
        table: 'invoices',
        primary_key: { column: 'id', value: invoice.id },
      },
      before,
      patch,
      after: { ...before, ...patch },
      guards: {
        tenant: { column: 'tenant_id', value: 'acme' },
        allowed_columns: ['late_fee_cents', 'waiver_reason'],
        expected_version: { column: 'version', value: invoice.version },
      },
      approval: { status: 'pending', required_role: 'billing_lead' },
      writeback: { status: 'not_applied', mode: 'trusted_worker_required' },
      source_database_mutated: false,
    },
  };
}
