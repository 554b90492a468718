/** Every table that has tenants, but the head's, which a restore moves, and what is renewed without an entry. */
export const RECORD_TABLES = [
  'ledger',
  'proposals',
  'proposal_ids',
  'idempotency',
  'sources',
  'members',
  'credentials',
  'invitations',
  'runners',
  'activity',
  'contracts',
  'contract_versions',
  'capabilities',
  'policies',
  'settings',
  'actions',
  'effects',
  'orders',
  'targets',
  'runs',
  'steps',
  'controls',
  'control_changes',
] as const;

export type RowsByTable = Readonly<Record<string, readonly object[]>>;

/** Asks one statement of a database, with the tenant as its one parameter. */
export type ReadRows = (sql: string, tenant: string) => Promise<readonly object[]>;

/** Every row that a tenant has, in the order of its key. */
export async function recordRows(read: ReadRows, tenant: string): Promise<RowsByTable> {
  const all: Record<string, readonly object[]> = {};
  for (const table of RECORD_TABLES)
    all[table] = await read(`SELECT * FROM ${table} WHERE tenant = ?1 ORDER BY 1, 2, 3`, tenant);
  return all;
}

/** The rows of the copy: those after it, without what the restore itself has added, and the batch that wrote an entry. */
export function asCopied(rows: RowsByTable, through: number): RowsByTable {
  const ledger = (rows.ledger ?? [])
    .map((row) => ({ ...row, nonce: '' }))
    .filter((row) => 'seq' in row && Number(row.seq) <= through);
  const settings = (rows.settings ?? []).filter((row) => !('name' in row) || row.name !== 'freezes');
  return { ...rows, ledger, settings };
}
