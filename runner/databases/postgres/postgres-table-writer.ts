import { reach } from '../../failpoints.ts';
import type { WritePlan } from '../../verify/write-plan.ts';
import { valueRejected } from '../database-fault.ts';
import { Remembered } from '../remembered.ts';
import type { Row } from '../session.ts';
import type { Ending, Filling, Found, RehearsedWrite, Send, ShownRow, TableWriter } from '../table-writer.ts';
import { type BatchForm, batchColumns, batchSql, type ColumnTypes } from './batch-sql.ts';
import { readColumnTypes } from './catalog.ts';
import { comparable, isKept } from './column-type.ts';
import type { Connection } from './connection.ts';
import { shownValue } from './shown-value.ts';
import {
  applySql,
  conflictSql,
  receiptSql,
  type StatementForm,
  shownSql,
  type TableTarget,
  type Values,
  versionSql,
} from './write-sql.ts';

/** Each set of columns that jobs change is a statement that every session keeps; beyond this many they are not kept. */
const MOST_PREPARED = 200;

interface Prepared extends StatementForm {
  /** Undefined for one that is parsed anew each time. */
  readonly name: string | undefined;
}

interface PreparedBatch extends BatchForm {
  readonly name: string | undefined;
}

let preparedSoFar = 0;

/** Each statement of a table is built once, and prepared once in each session. */
export class PostgresTableWriter implements TableWriter<Connection> {
  readonly target: TableTarget;
  readonly #receipt: Prepared;
  readonly #version: Prepared;
  readonly #conflict: Prepared;
  readonly #apply = new Map<string, Prepared>();
  readonly #batches = new Map<string, PreparedBatch>();
  readonly #types: Remembered<Connection, ColumnTypes>;
  /** The types that the statements of `#apply` and `#batches` are for. */
  #builtFor: ColumnTypes | undefined;

  constructor(target: TableTarget) {
    this.target = target;
    this.#receipt = prepare('receipt', receiptSql(target));
    this.#version = prepare('version', versionSql(target));
    this.#conflict = prepare('conflict', conflictSql(target));
    const columns = batchColumns(target.permission);
    this.#types = new Remembered(
      (connection) => readColumnTypes(connection, target.name, columns),
      (types) => JSON.stringify([...types]),
    );
  }

  async prepare(connection: Connection, filling: Filling, ending: Ending): Promise<Send<Row | undefined>> {
    const types = await this.#typesFor(connection, [filling]);
    const statement = this.#applyFor(filling.plan.columns, types);
    return async () => {
      const rows = await stoppable(connection, ending, () => execute(connection, statement, filling));
      return rows[0];
    };
  }

  async prepareMany(connection: Connection, fillings: readonly Filling[]): Promise<Send<readonly Row[]>> {
    const types = await this.#typesFor(connection, fillings);
    const { name, sql, values } = this.#batchFor(fillings[0]?.plan.columns ?? [], types);
    return () =>
      stoppable(connection, 'COMMIT', () =>
        connection.execute(
          { name, text: sql },
          values.map((value) => value(fillings)),
        ),
      );
  }

  async readReceipt(connection: Connection, filling: Filling): Promise<Row | undefined> {
    return (await execute(connection, this.#receipt, filling))[0];
  }

  readVersion(connection: Connection, filling: Filling): Promise<readonly Row[]> {
    return execute(connection, this.#version, filling);
  }

  async readShown(
    connection: Connection,
    filling: Filling,
    columns: readonly string[],
  ): Promise<readonly ShownRow[]> {
    const { sql, values } = shownSql(this.target, columns);
    const { rows, types } = await connection.executeTyped(
      { name: undefined, text: sql },
      values.map((value) => value(filling)),
    );
    return rows.map(([version = null, ...texts]) => ({
      version: version ?? '',
      values: texts.map((each, place) => shownValue(types[place + 1], each)),
    }));
  }

  async prepareShown(
    connection: Connection,
    filling: Filling,
    columns: readonly string[],
  ): Promise<Send<RehearsedWrite | undefined>> {
    const types = await this.#typesFor(connection, [filling]);
    const statement = this.#applyFor(filling.plan.columns, types);
    return async () => {
      let sentAt = 0;
      const rows = await stoppable(connection, 'ROLLBACK', async () => {
        sentAt = performance.now();
        const [receipt] = await execute(connection, statement, filling);
        if (receipt === undefined) return undefined;
        // A COMMIT would look at these, and a ROLLBACK does not.
        await connection.run('SET CONSTRAINTS ALL IMMEDIATE');
        return this.readShown(connection, filling, columns);
      });
      return rows === undefined ? undefined : { row: rows[0], lockHeldMs: performance.now() - sentAt };
    };
  }

  async recordConflict(connection: Connection, filling: Filling, found: Found): Promise<Row | undefined> {
    return (await execute(connection, this.#conflict, { ...filling, found }))[0];
  }

  /** The columns' types; throws for a value that its column would not keep as it is. */
  async #typesFor(connection: Connection, fillings: readonly Filling[]): Promise<ColumnTypes> {
    const isFresh = !this.#types.isKnown;
    const types = await this.#types.get(connection);
    if (types !== this.#builtFor) {
      // What was built for other types says other things.
      this.#apply.clear();
      this.#batches.clear();
      this.#builtFor = types;
    }
    if (fillings.every(({ plan }) => isExact(types, plan))) return types;
    if (isFresh) throw valueRejected();
    // The table may have been altered since.
    this.#types.forget();
    return this.#typesFor(connection, fillings);
  }

  #batchFor(columns: readonly string[], types: ColumnTypes): PreparedBatch {
    const key = columns.join();
    const known = this.#batches.get(key);
    if (known !== undefined) return known;
    const form = batchSql(this.target, columns, types);
    if (this.#batches.size >= MOST_PREPARED) return { ...form, name: undefined };
    const prepared = prepare('batch', form);
    this.#batches.set(key, prepared);
    return prepared;
  }

  #applyFor(columns: readonly string[], types: ColumnTypes): Prepared {
    const key = columns.join();
    const known = this.#apply.get(key);
    if (known !== undefined) return known;
    const form = applySql(this.target, columns, comparable(columns, types));
    if (this.#apply.size >= MOST_PREPARED) return { ...form, name: undefined };
    const prepared = prepare('apply', form);
    this.#apply.set(key, prepared);
    return prepared;
  }
}

function isExact(types: ColumnTypes, { columns, values }: WritePlan): boolean {
  return columns.every((column, place) => {
    const [type, text] = [types.get(column), values[place] ?? null];
    return type === undefined || text === null || isKept(type, text);
  });
}

function prepare<Form extends { readonly sql: string }>(
  kind: string,
  form: Form,
): Form & { readonly name: string } {
  preparedSoFar += 1;
  return { ...form, name: `${kind}_${preparedSoFar}` };
}

function execute(
  connection: Connection,
  { name, sql, values }: Prepared,
  filling: Values,
): Promise<readonly Row[]> {
  return connection.execute(
    { name, text: sql },
    values.map((value) => value(filling)),
  );
}

/** A statement by itself; or in a transaction, such that it can be taken back, or the process die before its commit. */
async function stoppable<Result>(
  connection: Connection,
  ending: Ending,
  statement: () => Promise<Result>,
): Promise<Result> {
  if (ending === 'COMMIT' && globalThis.COUNTERSIGN_FAILPOINTS !== true) return statement();
  await connection.run('BEGIN');
  try {
    const result = await statement();
    await reach('in_transaction');
    await connection.run(ending);
    return result;
  } catch (error) {
    if (connection.isUsable) await connection.run('ROLLBACK');
    throw error;
  }
}
