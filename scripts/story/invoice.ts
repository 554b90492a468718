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
