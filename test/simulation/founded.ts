import { ledger } from '@countersign/durable-objects/tenant/schema';
import type { Parameter, RawRow } from '@countersign/durable-objects/tenant/storage/database';
import { decodeRow } from '@countersign/durable-objects/tenant/storage/rows';
import { ledgerEntry } from '@countersign/durable-objects/tenant/storage/write';
import { entryHash } from '@countersign/protocol/ledger';
import type { SqliteDatabase } from '../support/sqlite-database.ts';

/** All rows of a tenant that was just founded, as JSON. */
export interface Founded {
  /** A list of `Table`. */
  readonly tables: string;
  /** A row each, oldest first. */
  readonly ledger: readonly string[];
}

interface Table {
  /** Puts in a row, of as many parameters as it has values. */
  readonly insert: string;
  readonly rows: readonly (readonly Parameter[])[];
}

/** What stands in a text, and what is to stand there instead. */
export type Renaming = readonly [from: string, to: string];

const TABLES = "SELECT name FROM sqlite_schema WHERE type = 'table'";

/** Empties the database, which is made once for many histories. */
export function empty({ sqlite }: SqliteDatabase): void {
  const tables = sqlite.prepare(TABLES).all();
  sqlite.exec(`BEGIN; ${tables.map(({ name }) => `DELETE FROM ${String(name)};`).join(' ')} COMMIT`);
}

export function foundedIn({ sqlite }: SqliteDatabase): Founded {
  // Triggers count them anew.
  const names = sqlite.prepare(`${TABLES} AND name <> 'shards'`).all();
  const tables = names.flatMap(({ name }) =>
    tableOf(String(name), sqlite.prepare(`SELECT * FROM ${name}`).all()),
  );
  const entries = sqlite.prepare('SELECT * FROM ledger ORDER BY seq').all();
  return { tables: JSON.stringify(tables), ledger: entries.map((row) => JSON.stringify(row)) };
}

function tableOf(
  name: string,
  rows: readonly Record<string, unknown>[],
): { insert: string; rows: unknown[] }[] {
  const [first] = rows;
  if (first === undefined) return [];
  const columns = Object.keys(first);
  const values = columns.map((_, place) => `?${place + 1}`);
  const insert = `INSERT INTO ${name} (${columns.join(', ')}) VALUES (${values.join(', ')})`;
  return [{ insert, rows: rows.map((row) => columns.map((column) => row[column])) }];
}

/** Puts the rows into an empty database, renamed, and with the hashes of entries that follow from that. */
export function restore(sqlite: SqliteDatabase, founded: Founded, names: readonly Renaming[]): void {
  const tables: readonly Table[] = JSON.parse(
    renamed(founded.tables, [...names, ...hashesOf(founded, names)]),
  );
  sqlite.run(tables.flatMap(({ insert, rows }) => rows.map((params) => ({ sql: insert, params }))));
}

/** Each entry's hash, old and new, from the first on that has a name in it. */
function hashesOf({ ledger: entries }: Founded, names: readonly Renaming[]): readonly Renaming[] {
  const hashes: Renaming[] = [];
  for (const text of entries) {
    const now = renamed(text, [...names, ...hashes]);
    if (now === text) continue;
    const raw: RawRow = JSON.parse(now);
    const entry = ledgerEntry(decodeRow(ledger, raw));
    hashes.push([entry.hash, entryHash(entry)]);
  }
  return hashes;
}

function renamed(text: string, names: readonly Renaming[]): string {
  return names.reduce((sofar, [from, to]) => sofar.replaceAll(from, to), text);
}
