import type { Connection, Row } from './connection.ts';
import {
  applySql,
  conflictSql,
  type Filling,
  receiptSql,
  type StatementForm,
  type TableTarget,
  versionSql,
} from './write-sql.ts';

/** Each set of columns that jobs change is a statement that every session keeps; beyond this many they are not kept. */
const MOST_PREPARED = 200;

interface Prepared extends StatementForm {
  /** Undefined for one that is parsed anew each time. */
  readonly name: string | undefined;
}

let preparedSoFar = 0;

/** The statements of one configured table, each built once. */
export class TableStatements {
  readonly target: TableTarget;
  readonly #receipt: Prepared;
  readonly #version: Prepared;
  readonly #conflict: Prepared;
  readonly #apply = new Map<string, Prepared>();

  constructor(target: TableTarget) {
    this.target = target;
    this.#receipt = prepare('receipt', receiptSql(target));
    this.#version = prepare('version', versionSql(target));
    this.#conflict = prepare('conflict', conflictSql(target));
  }

  readReceipt(connection: Connection, filling: Filling): Promise<readonly Row[]> {
    return execute(connection, this.#receipt, filling);
  }

  readVersion(connection: Connection, filling: Filling): Promise<readonly Row[]> {
    return execute(connection, this.#version, filling);
  }

  recordConflict(connection: Connection, filling: Filling): Promise<readonly Row[]> {
    return execute(connection, this.#conflict, filling);
  }

  apply(connection: Connection, filling: Filling): Promise<readonly Row[]> {
    return execute(connection, this.#applyFor(filling.plan.columns), filling);
  }

  #applyFor(columns: readonly string[]): Prepared {
    const key = columns.join();
    const known = this.#apply.get(key);
    if (known !== undefined) return known;
    const form = applySql(this.target, columns);
    if (this.#apply.size >= MOST_PREPARED) return { ...form, name: undefined };
    const prepared = prepare('apply', form);
    this.#apply.set(key, prepared);
    return prepared;
  }
}

function prepare(kind: string, form: StatementForm): Prepared {
  preparedSoFar += 1;
  return { ...form, name: `${kind}_${preparedSoFar}` };
}

function execute(
  connection: Connection,
  { name, sql, values }: Prepared,
  filling: Filling,
): Promise<readonly Row[]> {
  return connection.execute(
    { name, text: sql },
    values.map((value) => value(filling)),
  );
}
