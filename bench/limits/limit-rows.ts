/** What the product's operations write on average when several share a turn, rounded up (PERF: 6 rows an operation). */
export const ROWS_PER_WRITE = 6;
/** What an approval that wakes a waiting runner commits before the runner may know. */
export const ROWS_PER_WAKE = 4;

export const LIMIT_ROWS_SQL = [
  'CREATE TABLE limit_rows (tenant TEXT NOT NULL, id TEXT NOT NULL, status TEXT NOT NULL, body TEXT NOT NULL, ' +
    'PRIMARY KEY (tenant, id)) WITHOUT ROWID',
  'CREATE INDEX limit_rows_by_status ON limit_rows (tenant, status, id)',
] as const;
