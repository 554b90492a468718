import type { SourceConfig, TablePermission } from '../../config/runner-config.ts';
import { reach } from '../../failpoints.ts';
import { DatabaseFault, valueRejected } from '../database-fault.ts';
import { Remembered } from '../remembered.ts';
import type { Row } from '../session.ts';
import type { Ending, Filling, Found, RehearsedWrite, Send, ShownRow, TableWriter } from '../table-writer.ts';
import { readTable } from './catalog.ts';
import type { MysqlSession, Step } from './mysql-session.ts';
import {
  applySteps,
  conflictSteps,
  receiptSql,
  shownForm,
  type TableTarget,
  ValueRejected,
  versionSql,
} from './write-sql.ts';

/** A table by what the configuration says of it, before anybody has looked at it. */
export type Configured = Omit<TableTarget, 'types'>;

/** Writes literals of the types that the table's columns had when they were last looked at. */
export class MysqlTableWriter implements TableWriter<MysqlSession> {
  readonly configured: Configured;
  readonly #target: Remembered<MysqlSession, TableTarget>;

  constructor(name: string, permission: TablePermission, receipts: SourceConfig['receipts']) {
    this.configured = { name, permission, receipts };
    this.#target = new Remembered(
      (session) => readTarget(session, this.configured),
      ({ types }) => JSON.stringify([...types]),
    );
  }

  async prepare(session: MysqlSession, filling: Filling, ending: Ending): Promise<Send<Row | undefined>> {
    const steps = await this.#build(applySteps, session, filling);
    return async () => (await transact(session, steps, ending)).at(-1)?.[0];
  }

  async readShown(
    session: MysqlSession,
    filling: Filling,
    columns: readonly string[],
  ): Promise<readonly ShownRow[]> {
    // What is told is to be exact, also of a table that was altered a moment ago.
    this.#target.forget();
    const build = (target: TableTarget, each: Filling) => shownForm(target, each, columns);
    const form = await this.#build(build, session, filling);
    return (await session.read(form.sql)).map(form.tell);
  }

  async prepareShown(
    session: MysqlSession,
    filling: Filling,
    columns: readonly string[],
  ): Promise<Send<RehearsedWrite | undefined>> {
    const build = (target: TableTarget, each: Filling) => ({
      steps: applySteps(target, each),
      form: shownForm(target, each, columns),
    });
    const { form, steps } = await this.#build(build, session, filling);
    return async () => {
      const sentAt = performance.now();
      const results = await transact(session, [...steps, { sql: form.sql }], 'ROLLBACK');
      const lockHeldMs = performance.now() - sentAt;
      const [receipts, rows] = results.slice(-2);
      const row = rows?.[0];
      return receipts?.[0] && { row: row && form.tell(row), lockHeldMs };
    };
  }

  async readReceipt(session: MysqlSession, filling: Filling): Promise<Row | undefined> {
    return (await session.read(receiptSql(this.configured, filling)))[0];
  }

  async readVersion(session: MysqlSession, filling: Filling): Promise<readonly Row[]> {
    return session.read(await this.#build(versionSql, session, filling));
  }

  async recordConflict(session: MysqlSession, filling: Filling, found: Found): Promise<Row | undefined> {
    const steps = conflictSteps(await this.targetIn(session), filling, found);
    return (await session.transact(steps)).at(-1)?.[0];
  }

  /** What the remembered types do not allow is looked at anew: the table may have been altered since. */
  async #build<Sql>(
    build: (target: TableTarget, filling: Filling) => Sql,
    session: MysqlSession,
    filling: Filling,
  ): Promise<Sql> {
    const isFresh = !this.#target.isKnown;
    try {
      return orFault(build, await this.targetIn(session), filling);
    } catch (fault) {
      if (isFresh) throw fault;
      this.#target.forget();
      return this.#build(build, session, filling);
    }
  }

  /** The table with its columns' types; throws `DatabaseFault`. */
  targetIn(session: MysqlSession): Promise<TableTarget> {
    return this.#target.get(session);
  }
}

/** In one trip; where a test may make the process die in the middle, in several. */
function transact(session: MysqlSession, steps: readonly Step[], ending: Ending) {
  if (globalThis.COUNTERSIGN_FAILPOINTS === true)
    return session.transactSlowly(steps, ending, () => reach('in_transaction'));
  return session.transact(steps, ending);
}

/** Throws `DatabaseFault`, also where there is no such table. */
export async function readTarget(session: MysqlSession, configured: Configured): Promise<TableTarget> {
  const table = await readTable(session, configured.name);
  if (table === undefined)
    throw new DatabaseFault('no_such_table', { kind: 'failed', code: 'SCHEMA_MISMATCH' });
  return { ...configured, types: new Map([...table.columns].map(([name, { type }]) => [name, type])) };
}

/** Builds SQL of values; one that its column cannot hold is a fault like any that the server itself would find. */
export function orFault<Args extends readonly unknown[], Sql>(
  build: (...args: Args) => Sql,
  ...args: Args
): Sql {
  try {
    return build(...args);
  } catch (cause) {
    if (!(cause instanceof ValueRejected)) throw cause;
    throw valueRejected({ cause });
  }
}
