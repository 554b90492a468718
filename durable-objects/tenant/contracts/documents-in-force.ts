import type { Capability } from '@countersign/protocol/contract/contract-document';
import { type CapabilityRow, capabilities } from '../governance-schema.ts';
import type { RawRow, Statement } from '../storage/database.ts';
import { decodeRow, selectList } from '../storage/rows.ts';
import type { ContractPushed } from '../turn/body.ts';

/** A capability of a version in force, as its document says it. */
export interface CapabilityInForce {
  readonly row: CapabilityRow;
  readonly capability: Capability;
}

/** The capabilities in force, and each document that holds some once: a contract may have hundreds of them. */
export function documentsInForce(tenant: string): readonly [rows: Statement, documents: Statement] {
  const rows =
    `SELECT ${selectList(capabilities, 'c')} FROM capabilities c ` +
    'WHERE c.tenant = ?1 AND c.version_seq IS NOT NULL ORDER BY c.capability';
  const documents =
    'SELECT l.seq AS seq, l.body AS body FROM (SELECT DISTINCT c.version_seq AS seq FROM capabilities c ' +
    'WHERE c.tenant = ?1 AND c.version_seq IS NOT NULL) v CROSS JOIN ledger l ON l.tenant = ?1 AND l.seq = v.seq';
  return [
    { sql: rows, params: [tenant] },
    { sql: documents, params: [tenant] },
  ];
}

/** What both statements found, put together; by name. */
export function capabilitiesFrom(
  rows: readonly RawRow[],
  documents: readonly RawRow[],
): readonly CapabilityInForce[] {
  const bySequence = new Map(documents.map((raw) => [Number(raw.seq), capabilitiesOf(raw)]));
  return rows.flatMap((raw) => {
    const row = decodeRow(capabilities, raw);
    const capability = bySequence.get(row.version_seq ?? 0)?.get(row.capability);
    return capability === undefined ? [] : [{ row, capability }];
  });
}

function capabilitiesOf({ body }: RawRow): ReadonlyMap<string, Capability> {
  const { contract } = JSON.parse(String(body)) as ContractPushed;
  return new Map(contract.capabilities.map((capability) => [capability.name, capability]));
}
