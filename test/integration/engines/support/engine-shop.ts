import type { SourceConfig } from '@countersign/runner/config/runner-config';
import type { Outcome } from '@countersign/runner/databases/source-database';
import type { TestDatabase } from '../../../support/database-server.ts';

/** A session of the test's own, which may hold a transaction open. */
export interface OwnSession {
  query(sql: string): Promise<unknown>;
}

/** A table whose version is a moment, of a type of the engine's own. */
export interface TimedTable {
  readonly table: string;
  /** How a moment of it ends, as a version tells it. */
  readonly zone: string;
  /** The version of its second row, which lies ahead of every clock, and the one after it. */
  readonly future: readonly [version: string, next: string];
}

/** What a suite for all engines needs to know of one: its SQL, and how it says things. */
export interface EngineShop {
  /** The tables, in a database of the test's own. */
  readonly sql: string;
  /** The schema that they stand in. */
  schemaOf(database: TestDatabase): string;
  readonly timedTables: readonly TimedTable[];
  /** How many sessions of runners stand before the lock of a row. */
  blocked(database: TestDatabase): Promise<number>;
  /** Ends every session of a runner on the server's side. */
  endRunners(database: TestDatabase): Promise<void>;
  /** Keeps everybody out of the invoices, in a transaction, and lets them in again. */
  readonly lockTableSql: string;
  readonly unlockTableSql: string;
  /** Makes a user that may do nothing yet. */
  makeUser(name: string, password: string): string;
  /** The user in a GRANT. */
  user(name: string): string;
  dropUser(name: string): string;
  /** Takes the key away that makes a row the only one of its name. */
  readonly dropKeySql: string;
  /** Triggers on the invoices, by what they do before or after a change. */
  readonly triggers: {
    readonly keepVersion: string;
    readonly refuse: string;
    /** Takes 30 s. */
    readonly dawdle: string;
    /** Locks the first note. */
    readonly touchNote: string;
    /** Writes the id into `audit`. */
    readonly audit: string;
  };
  /** A table of receipts in place of the shop's, as the release made it that knew single updates alone. */
  readonly earlierReceiptsSql: string;
  /** Writes the id of a row of that table that is deleted into `audit`. */
  deleteTriggerSql(table: string): string;
  /** What lets a write, and not the session that it meets, be chosen when both wait for one another. */
  readonly loseDeadlock: {
    database(name: string): readonly string[];
    readonly session: readonly string[];
  };
  /** Has new sessions think in another time zone. */
  otherZoneSql(database: string): string;
  /** How a truth stands in a boolean column. */
  readonly truth: string;
  /** The codes by which the engine tells what went wrong. */
  readonly codes: {
    readonly locked: string;
    readonly wrongPassword: string;
    /** By which the driver tells that a user may not do this. */
    forbidden(): unknown;
  };
  /** A session of the engine's own driver. */
  connect(url: string): Promise<OwnSession & { end(): Promise<unknown> }>;
  /** The SQL that the runner prints for its user. */
  grantsSql(config: SourceConfig, role: string, password: string): string;
  /** How a write ends that takes longer than it may. */
  readonly tooSlow: Outcome;
}
