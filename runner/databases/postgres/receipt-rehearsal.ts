import { randomUUID } from 'node:crypto';
import type { SourceConfig } from '../../config/runner-config.ts';
import { DatabaseFault } from '../database-fault.ts';
import type { SourceFault } from '../source-database.ts';
import type { Connection } from './connection.ts';
import { quoteTable } from './identifiers.ts';

/** Writes a receipt of nothing, and takes it back. Throws `DatabaseFault` when the database cannot be asked. */
export async function rehearseReceipt(
  connection: Connection,
  { schema, table }: SourceConfig['receipts'],
): Promise<readonly SourceFault[]> {
  const text = `INSERT INTO ${quoteTable(schema, table)} (idempotency_key, job_id, proposal_id, proposal_hash, target_table,
  target_key, status, affected_rows, reason, result_hash, attempt, lease_id, runner_id)
VALUES ($1, $1, $1, '-', '-', '-', 'conflict', 0, 'ROW_NOT_FOUND', '-', 1, '-', '-')`;
  await connection.run('BEGIN');
  try {
    await connection.execute({ name: undefined, text }, [`countersign-doctor-${randomUUID()}`]);
    return [];
  } catch (error) {
    if (!(error instanceof DatabaseFault) || !connection.isUsable) throw error;
    const what = `a receipt cannot be written (SQLSTATE ${error.code}); GRANT SELECT, INSERT ON ${schema}.${table} to the role, and compare the table with \`countersign-runner receipts-sql\``;
    return [{ where: `${schema}.${table}`, what }];
  } finally {
    if (connection.isUsable) await connection.run('ROLLBACK');
  }
}
