import type { OperationPlan } from '../../verify/operation-plan.ts';
import { valueRejected } from '../database-fault.ts';
import type { DeleteEffect } from '../delete-effects.ts';
import type {
  Found,
  FoundRow,
  OperationFilling,
  OperationReceipt,
  OperationTransaction,
  OperationWriter,
  WrittenRow,
} from '../operation-writer.ts';
import type { Row } from '../session.ts';
import type { Ending } from '../table-writer.ts';
import { readColumnTypes } from './catalog.ts';
import { isKept } from './column-type.ts';
import type { Connection } from './connection.ts';
import { deleteEffects } from './delete-effects.ts';
import {
  dependencySql,
  type FilledStatement,
  findSql,
  receiptOfSql,
  receiptSql,
  type TypedTarget,
  writeSql,
} from './operation-sql.ts';
import type { TableTarget } from './write-sql.ts';

/** Operations are rare and may be of any columns, so each statement is made for the one that needs it. */
export class PostgresOperationWriter implements OperationWriter<Connection> {
  readonly #target: TableTarget;
  readonly #targets: (table: string) => TableTarget;

  /** @param targets the configured tables by their names, of which dependencies are */
  constructor(target: TableTarget, targets: (table: string) => TableTarget) {
    this.#target = target;
    this.#targets = targets;
  }

  async prepare(connection: Connection, filling: OperationFilling): Promise<OperationTransaction> {
    const { rows } = filling.plan;
    const columns = new Set(
      rows.flatMap(({ expected, set }) => [...expected, ...set].map(({ column }) => column)),
    );
    const types = await readColumnTypes(connection, this.#target.name, [...columns]);
    for (const { column, text } of rows.flatMap(({ set }) => set)) {
      const type = types.get(column);
      if (type !== undefined && text !== null && !isKept(type, text)) throw valueRejected();
    }
    return new PostgresOperation(connection, filling, { ...this.#target, types }, this.#targets);
  }

  async readReceipt(connection: Connection, plan: OperationPlan): Promise<Row | undefined> {
    return (await execute(connection, receiptOfSql(this.#target, plan)))[0];
  }
}

class PostgresOperation implements OperationTransaction {
  readonly #connection: Connection;
  readonly #filling: OperationFilling;
  readonly #target: TypedTarget;
  readonly #targets: (table: string) => TableTarget;

  constructor(
    connection: Connection,
    filling: OperationFilling,
    target: TypedTarget,
    targets: (table: string) => TableTarget,
  ) {
    this.#connection = connection;
    this.#filling = filling;
    this.#target = target;
    this.#targets = targets;
  }

  async find(): Promise<Found> {
    const { plan } = this.#filling;
    await this.#connection.run('BEGIN');
    const dependencies: boolean[] = [];
    for (const dependency of plan.dependencies) {
      const found = await this.#execute(dependencySql(this.#targets(dependency.table), dependency));
      dependencies.push(found.length === 1 && found[0]?.[0] === 't');
    }
    const rows: FoundRow[][] = [];
    for (const row of plan.rows) {
      const found = await this.#execute(findSql(this.#target, plan, row));
      rows.push(
        found.map(([version, isExpected]) => ({ version: version ?? '', isExpected: isExpected === 't' })),
      );
    }
    return { dependencies, rows };
  }

  deleteEffects(): Promise<readonly DeleteEffect[]> {
    return deleteEffects(this.#connection, this.#target.name);
  }

  async write({ rows }: Found): Promise<readonly (readonly WrittenRow[])[]> {
    const { plan } = this.#filling;
    const written: WrittenRow[][] = [];
    for (const [place, row] of plan.rows.entries()) {
      const told = await this.#execute(writeSql(this.#target, plan, row, rows[place]?.[0]?.version));
      written.push(
        told.map(([key, version, isAdvanced, areKept]) => ({
          key: key ?? '',
          version: version ?? '',
          isAdvanced: isAdvanced === 't',
          isKept: areKept === 't',
        })),
      );
    }
    return written;
  }

  async record(receipt: OperationReceipt): Promise<void> {
    await this.#execute(receiptSql(this.#target, this.#filling, receipt));
    // A COMMIT would look at these, and a ROLLBACK does not.
    await this.#connection.run('SET CONSTRAINTS ALL IMMEDIATE');
  }

  async end(ending: Ending): Promise<void> {
    await this.#connection.run(ending);
  }

  async abandon(): Promise<void> {
    if (this.#connection.isUsable) await this.#connection.run('ROLLBACK');
  }

  #execute(statement: FilledStatement): Promise<readonly Row[]> {
    return execute(this.#connection, statement);
  }
}

function execute(connection: Connection, { text, values }: FilledStatement): Promise<readonly Row[]> {
  return connection.execute({ name: undefined, text }, values);
}
