import type { SourceConfig, TablePermission } from '../../config/runner-config.ts';
import { reach } from '../../failpoints.ts';
import { DatabaseFault, valueRejected } from '../database-fault.ts';
import type { Row } from '../session.ts';
import type { Ending, Filling, Found, TableWriter } from '../table-writer.ts';
import { readTable } from './catalog.ts';
import type { MysqlSession } from './mysql-session.ts';
import {
  applySteps,
  conflictSteps,
  receiptSql,
  type TableTarget,
  ValueRejected,
  versionSql,
} from './write-sql.ts';

type Configured = Omit<TableTarget, 'types'>;

/** Writes literals of the types that the table's columns had when it was first written to. */
export class MysqlTableWriter implements TableWriter<MysqlSession> {
  readonly #configured: Configured;
  #target: TableTarget | undefined;

  constructor(name: string, permission: TablePermission, receipts: SourceConfig['receipts']) {
    this.#configured = { name, permission, receipts };
  }

  async apply(session: MysqlSession, filling: Filling, ending: Ending): Promise<Row | undefined> {
    const steps = orFault(applySteps, await this.targetIn(session), filling);
    if (ending === 'COMMIT' && globalThis.COUNTERSIGN_FAILPOINTS === true) {
      return session.transactSlowly(steps, () => reach('in_transaction'));
    }
    return (await session.transact(steps, ending)).at(-1)?.[0];
  }

  async readReceipt(session: MysqlSession, filling: Filling): Promise<Row | undefined> {
    return (await session.read(receiptSql(this.#configured, filling)))[0];
  }

  async readVersion(session: MysqlSession, filling: Filling): Promise<readonly Row[]> {
    return session.read(orFault(versionSql, await this.targetIn(session), filling));
  }

  async recordConflict(session: MysqlSession, filling: Filling, found: Found): Promise<Row | undefined> {
    const steps = conflictSteps(await this.targetIn(session), filling, found);
    return (await session.transact(steps)).at(-1)?.[0];
  }

  /** The table with its columns' types; throws `DatabaseFault`. */
  async targetIn(session: MysqlSession): Promise<TableTarget> {
    if (this.#target !== undefined) return this.#target;
    const table = await readTable(session, this.#configured.name);
    if (table === undefined)
      throw new DatabaseFault('no_such_table', { kind: 'failed', code: 'SCHEMA_MISMATCH' });
    const types = new Map([...table.columns].map(([name, { type }]) => [name, type]));
    this.#target = { ...this.#configured, types };
    return this.#target;
  }
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
