/** One verified write: what to change, under which guards, and what its receipt will say. */
export interface WritePlan {
  /** The key of the runner's configuration: `schema.table`. */
  readonly table: string;
  readonly primaryKey: string;
  /** Undefined for a table that is configured as having no tenants. */
  readonly tenant: string | undefined;
  readonly expectedVersion: string;
  /** Sorted, so that jobs that set the same columns share one statement. */
  readonly columns: readonly string[];
  /** In the order of `columns`; the text that the database parses as the column's type. */
  readonly values: readonly (string | null)[];
  readonly idempotencyKey: string;
  readonly jobId: string;
  readonly proposalId: string;
  readonly proposalHash: string;
}

/** Under which lease a plan is carried out; it stands in the receipt, and the plan's outcome never depends on it. */
export interface AttemptFacts {
  readonly attempt: number;
  readonly leaseId: string;
  readonly runnerId: string;
}
