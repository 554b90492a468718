import { type Connection, createConnection } from 'mysql2/promise';
import type { DurableMysql } from './durable-mysql.ts';
import { guardedWriteFields, type InvoiceWrite } from './guarded-write.ts';
import { turnsPerSecond } from './runner-applies.ts';

/**
 * The guarded write in one trip, with nothing around it: row and receipt are written where the row was found as
 * expected, and locked; whatever an earlier trip may have left open is ended first.
 */
const WRITE_SQL = `ROLLBACK; START TRANSACTION; SET @is_met = 0;
SELECT 1 INTO @is_met FROM invoices WHERE id = ? AND tenant_id = 'acme' AND version = ? FOR UPDATE;
UPDATE invoices SET late_fee_cents = 0, version = version + 1
WHERE @is_met = 1 AND id = ? AND tenant_id = 'acme' AND version = ?;
INSERT INTO countersign_receipts (idempotency_key, job_id, proposal_id, proposal_hash, target_table, target_key,
  attempt, lease_id, runner_id, status, affected_rows, result_version, result_hash)
SELECT ?, ?, ?, ?, 'bench.invoices', ?, 1, ?, ?, 'applied', 1, a.version,
  CONCAT('sha256:', SHA2(CONCAT('{"job_id":"', ?, '","status":"applied","version":"', a.version, '"}'), 256))
FROM (SELECT (SELECT version FROM invoices WHERE id = ? AND tenant_id = 'acme') AS version) AS a WHERE @is_met = 1;
SELECT result_version, result_hash FROM countersign_receipts WHERE @is_met = 1 AND idempotency_key = ?;
COMMIT`;
/** The place of the INSERT among the eight. */
const INSERT = 5;

/** A tight loop over the driver on so many connections; returns writes per second. */
export async function mysqlWrites(
  { url }: DurableMysql,
  connections: number,
  seconds: number,
  next: (lane: number) => InvoiceWrite,
): Promise<number> {
  const clients = await Promise.all(
    Array.from({ length: connections }, () => createConnection({ uri: url, multipleStatements: true })),
  );
  try {
    return await turnsPerSecond([...clients.keys()], seconds, async (lane) => {
      const client = clients[lane];
      if (client !== undefined) await writeOnce(client, next(lane));
    });
  } finally {
    await Promise.all(clients.map((client) => client.end()));
  }
}

async function writeOnce(client: Connection, { invoice, version, key }: InvoiceWrite): Promise<void> {
  const { jobId, proposalId, proposalHash, leaseId, runnerId } = guardedWriteFields;
  const receipt = [key, jobId, proposalId, proposalHash, invoice, leaseId, runnerId, jobId, invoice];
  const values = [invoice, version, invoice, version, ...receipt, key];
  const [results] = await client.query(WRITE_SQL, values);
  if (!Array.isArray(results) || affectedRows(results[INSERT]) !== 1)
    throw new Error('the guarded write wrote nothing');
}

function affectedRows(result: unknown): number | undefined {
  if (typeof result !== 'object' || result === null || !('affectedRows' in result)) return undefined;
  return typeof result.affectedRows === 'number' ? result.affectedRows : undefined;
}
