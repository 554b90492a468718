import { randomUUID } from 'node:crypto';
import type { SourceConfig } from '../../config/runner-config.ts';
import { DatabaseFault } from '../database-fault.ts';
import type { SourceFault } from '../source-database.ts';
import { quoteTable } from './identifiers.ts';
import { textLiteral } from './literals.ts';
import type { MysqlSession } from './mysql-session.ts';

/** Writes a receipt of nothing, and takes it back. Throws `DatabaseFault` when the database cannot be asked. */
export async function rehearseReceipt(
  session: MysqlSession,
  { schema, table }: SourceConfig['receipts'],
): Promise<readonly SourceFault[]> {
  const name = textLiteral(`countersign-doctor-${randomUUID()}`);
  const sql = `INSERT INTO ${quoteTable(schema, table)} (idempotency_key, job_id, proposal_id, proposal_hash, target_table,
  target_key, status, affected_rows, reason, result_hash, attempt, lease_id, runner_id)
VALUES (${name}, ${name}, ${name}, '-', '-', '-', 'conflict', 0, 'ROW_NOT_FOUND', '-', 1, '-', '-')`;
  try {
    await session.transact([{ sql }], 'ROLLBACK');
    return [];
  } catch (error) {
    if (!(error instanceof DatabaseFault) || error.meaning.kind !== 'failed') throw error;
    const what = `a receipt cannot be written (error ${error.code}); GRANT SELECT, INSERT ON ${schema}.${table} to the user, and compare the table with \`countersign-runner receipts-sql\``;
    return [{ where: `${schema}.${table}`, what }];
  }
}
