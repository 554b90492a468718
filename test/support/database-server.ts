/** Which of the two families of databases a server is of: MariaDB speaks MySQL's protocol. */
export type Engine = 'postgres' | 'mysql';

/** A database of one test. `Session` is a connection of the engine's own driver. */
export interface TestDatabase<Session = unknown> {
  readonly name: string;
  /** For the superuser. */
  readonly url: string;
  /** Runs SQL as the superuser; the rows hold the database's own texts. */
  query(sql: string, values?: readonly unknown[]): Promise<Record<string, string | null>[]>;
  /** A session of its own for the test; it ends with the database. */
  session(): Promise<Session>;
  drop(): Promise<void>;
}

/** Who comes, when that is not the superuser directly. */
export interface UrlOptions {
  readonly role?: string;
  readonly password?: string;
  /** A proxy's. */
  readonly port?: number;
}

/** A real database server on 127.0.0.1, for tests. It ends with the process that started it. */
export interface DatabaseServer<Session = unknown> {
  readonly engine: Engine;
  /** The product and its version, as the server says it: `PostgreSQL 18.4`, `MariaDB 10.11.18`. */
  readonly label: string;
  readonly port: number;
  /** Not so after `crash()`, nor when it ended by itself. */
  readonly isRunning: boolean;
  /** The address of a database, for the superuser or another role, directly or through a proxy's port. */
  url(database: string, options?: UrlOptions): string;
  /** Names SQL, of whose result tests then get copies, `clone(name)`, instead of what had that name before. */
  template(name: string, sql: string): Promise<void>;
  /** A fresh copy of a template. */
  clone(template: string): Promise<TestDatabase<Session>>;
  /** Ends the server as a crash would: without a farewell, and with recovery at the next start. */
  crash(): Promise<void>;
  /** Starts again, on the same port, after `crash()`. */
  restart(): Promise<void>;
  stop(): Promise<void>;
}
