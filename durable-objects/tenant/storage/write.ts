import { canonicalJson } from '@countersign/protocol/canonical-json';
import { sequenceOfId } from '@countersign/protocol/ids';
import type { LedgerEntry } from '@countersign/protocol/ledger';
import type { SQLiteTable } from 'drizzle-orm/sqlite-core';
import {
  activity,
  credentials,
  type Head,
  idempotency,
  type LedgerRow,
  ledger,
  members,
  proposalIds,
  proposals,
} from '../schema.ts';
import { type KeyedName, keyedNames, keyedTables } from '../turn/keyed-tables.ts';
import type { Assumed, Changes, Sealed } from '../turn/rows.ts';
import type { Parameter, Statement } from './database.ts';
import { columnNames, encodeRow, insertRows, updateRows } from './rows.ts';

/**
 * The batch that writes a turn: the guard first, so that a stale writer costs nothing but one read, and the head
 * last. `base` is the head that the turn read.
 */
export function writeStatements(base: Head, changes: Changes): Statement[] {
  const { tenant } = base;
  const begun = changes.proposals.filter(({ before }) => before === undefined).map(({ after }) => after);
  const foreign = begun.filter((row) => sequenceOfId('wrp', row.proposal_id, tenant) === undefined);
  return [
    guard(base, changes.assumed),
    ...insertRows(
      ledger,
      changes.entries.map((sealed) => ledgerRow(sealed, changes.head.nonce)),
    ),
    ...insertRows(proposals, begun),
    ...insertRows(
      proposalIds,
      foreign.map(({ proposal_id, seq }) => ({ tenant, proposal_id, seq })),
    ),
    ...updates(proposals, tenant, 'seq', changes.proposals),
    ...keyedNames.flatMap((name) => keyedStatements(tenant, name, changes)),
    ...insertRows(idempotency, changes.keys),
    ...forget('idempotency', tenant, changes.forgottenKeys),
    ...forget('counters', tenant, changes.outdatedCounters),
    ...insertRows(activity, changes.events),
    moveHead(changes.head),
  ];
}

/**
 * Inserts into a table that can hold no row unless the head is still the one that this turn read, and all that was
 * remembered instead of read is so; the constraint then rolls the whole batch back. An UPDATE that matches no row
 * would let it pass.
 */
function guard(base: Head, { absentKeys, members: people, credentials: tokens }: Assumed): Statement {
  const params: Parameter[] = [base.tenant, base.turn, base.nonce];
  const violations = ['NOT EXISTS (SELECT 1 FROM heads WHERE tenant = ?1 AND turn = ?2 AND nonce = ?3)'];
  const assume = (facts: readonly unknown[], violation: (given: string) => string) => {
    if (facts.length === 0) return;
    params.push(canonicalJson(facts));
    violations.push(violation(`json_each(?${params.length}) k`));
  };
  assume(absentKeys, keyIsThere);
  assume(
    people.map((row) => encodeRow(members, row)),
    (given) => isNotAsKnown(given, 'members', members),
  );
  assume(
    tokens.map((row) => encodeRow(credentials, row)),
    (given) => isNotAsKnown(given, 'credentials', credentials),
  );
  return { sql: `INSERT INTO stale_writer (turn) SELECT ?2 WHERE ${violations.join(' OR ')}`, params };
}

function keyIsThere(given: string): string {
  return `EXISTS (SELECT 1 FROM ${given} CROSS JOIN idempotency i WHERE i.tenant = ?1 AND i.key = k.value)`;
}

/** Whether one of the given rows does not stand in its table exactly like this. */
function isNotAsKnown(given: string, name: string, table: SQLiteTable): string {
  const [, key, ...rest] = columnNames(table);
  const same = rest.map((column, place) => `t.${column} IS k.value ->> ${place + 2}`).join(' AND ');
  return (
    `EXISTS (SELECT 1 FROM ${given} WHERE NOT EXISTS ` +
    `(SELECT 1 FROM ${name} t WHERE t.tenant = ?1 AND t.${key} = k.value ->> 1 AND ${same}))`
  );
}

function keyedStatements<Name extends KeyedName>(tenant: string, name: Name, { rows }: Changes): Statement[] {
  const changes = rows[name];
  if (changes.length === 0) return [];
  const { table, key } = keyedTables[name];
  const begun = changes.filter(({ before }) => before === undefined).map(({ after }) => after);
  return [...insertRows(table, begun), ...updates(table, tenant, key, changes)];
}

function forget(table: string, tenant: string, keys: readonly string[]): Statement[] {
  if (keys.length === 0) return [];
  const sql = `DELETE FROM ${table} WHERE tenant = ?1 AND key IN (SELECT value FROM json_each(?2))`;
  return [{ sql, params: [tenant, canonicalJson(keys)] }];
}

function moveHead(head: Head): Statement {
  return {
    sql: 'UPDATE heads SET turn = ?2, nonce = ?3, seq = ?4, hash = ?5, counters = ?6 WHERE tenant = ?1',
    params: [head.tenant, head.turn, head.nonce, head.seq, head.hash, canonicalJson(head.counters)],
  };
}

/** Updates grouped by which columns changed: to name a column is to pay for its indexes. */
function updates<Table extends SQLiteTable>(
  table: Table,
  tenant: string,
  key: string,
  changes: readonly {
    readonly before: Table['$inferSelect'] | undefined;
    readonly after: Table['$inferSelect'];
  }[],
): Statement[] {
  const groups = new Map<string, { columns: string[]; rows: Table['$inferSelect'][] }>();
  for (const { before, after } of changes) {
    if (before === undefined) continue;
    const columns = columnNames(table).filter((name) => !isSame(before[name], after[name]));
    if (columns.length === 0) continue;
    const id = columns.join();
    const group = groups.get(id) ?? { columns, rows: [] };
    group.rows.push(after);
    groups.set(id, group);
  }
  return [...groups.values()].flatMap(({ columns, rows }) => updateRows(table, tenant, key, columns, rows));
}

function isSame(a: unknown, b: unknown): boolean {
  if (a === b) return true;
  const areObjects = typeof a === 'object' && a !== null && typeof b === 'object' && b !== null;
  return areObjects && canonicalJson(a) === canonicalJson(b);
}

function ledgerRow({ entry, bodyText }: Sealed, nonce: string): LedgerRow {
  return {
    tenant: entry.tenant,
    seq: entry.seq,
    at: Date.parse(entry.at),
    actor_kind: entry.actor.kind,
    actor_id: entry.actor.id,
    type: entry.type,
    subject: entry.subject,
    body: bodyText,
    prev_hash: entry.prev_hash,
    prev_subject_seq: entry.prev_subject_seq,
    prev_subject_hash: entry.prev_subject_hash,
    hash: entry.hash,
    nonce,
  };
}

/** The entry as it was hashed, from its row. */
export function ledgerEntry(row: LedgerRow): LedgerEntry {
  return {
    tenant: row.tenant,
    seq: row.seq,
    at: new Date(row.at).toISOString(),
    actor: { kind: row.actor_kind, id: row.actor_id },
    type: row.type,
    subject: row.subject,
    body: JSON.parse(row.body),
    prev_hash: row.prev_hash,
    prev_subject_seq: row.prev_subject_seq,
    prev_subject_hash: row.prev_subject_hash,
    hash: row.hash,
  };
}
