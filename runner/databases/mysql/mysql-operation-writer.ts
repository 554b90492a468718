import type { OperationPlan } from '../../verify/operation-plan.ts';
import type { DeleteEffect } from '../delete-effects.ts';
import type {
  Found,
  OperationFilling,
  OperationReceipt,
  OperationTransaction,
  OperationWriter,
  WrittenRow,
} from '../operation-writer.ts';
import type { Row } from '../session.ts';
import type { Ending } from '../table-writer.ts';
import { deleteEffectsOf, deleteEffectsSql } from './delete-effects.ts';
import type { MysqlSession, Step } from './mysql-session.ts';
import { type Configured, orFault, readTarget } from './mysql-table-writer.ts';
import { dependencySql, findSql, receiptOfSql, receiptStep, toldKey, writeSteps } from './operation-sql.ts';
import type { TableTarget } from './write-sql.ts';

/** Operations are rare, so that each looks anew at the types of the tables that it is about. */
export class MysqlOperationWriter implements OperationWriter<MysqlSession> {
  readonly #configured: Configured;
  readonly #configuredOf: (table: string) => Configured;

  /** @param configuredOf the configured tables by their names, of which dependencies are */
  constructor(configured: Configured, configuredOf: (table: string) => Configured) {
    this.#configured = configured;
    this.#configuredOf = configuredOf;
  }

  async prepare(session: MysqlSession, filling: OperationFilling): Promise<OperationTransaction> {
    const { plan } = filling;
    const target = await readTarget(session, this.#configured);
    const steps: Step[] = [];
    for (const dependency of plan.dependencies) {
      const other = await readTarget(session, this.#configuredOf(dependency.table));
      steps.push({ sql: orFault(dependencySql, other, dependency) });
    }
    steps.push(...plan.rows.map((row) => ({ sql: orFault(findSql, target, plan, row) })));
    return new MysqlOperation(session, filling, target, steps);
  }

  async readReceipt(session: MysqlSession, plan: OperationPlan): Promise<Row | undefined> {
    return (await session.read(receiptOfSql(this.#configured, plan)))[0];
  }
}

class MysqlOperation implements OperationTransaction {
  readonly #session: MysqlSession;
  readonly #filling: OperationFilling;
  readonly #target: TableTarget;
  readonly #finding: readonly Step[];

  constructor(
    session: MysqlSession,
    filling: OperationFilling,
    target: TableTarget,
    finding: readonly Step[],
  ) {
    this.#session = session;
    this.#filling = filling;
    this.#target = target;
    this.#finding = finding;
  }

  async find(): Promise<Found> {
    const results = await this.#session.begin(this.#finding);
    const { length } = this.#filling.plan.dependencies;
    return {
      dependencies: results.slice(0, length).map((rows) => rows.length === 1 && rows[0]?.[0] === 't'),
      rows: results
        .slice(length)
        .map((rows) => rows.map(([version, is]) => ({ version: version ?? '', isExpected: is === 't' }))),
    };
  }

  async deleteEffects(): Promise<readonly DeleteEffect[]> {
    const { name } = this.#target;
    return deleteEffectsOf(await this.#session.proceed(deleteEffectsSql(name).map((sql) => ({ sql }))), name);
  }

  async write({ rows }: Found): Promise<readonly (readonly WrittenRow[])[]> {
    const { plan } = this.#filling;
    const target = this.#target;
    const steps = plan.rows.flatMap((row, place) =>
      orFault(writeSteps, target, plan, row, rows[place]?.[0]?.version),
    );
    const results = await this.#session.proceed(steps);
    return plan.rows.map(({ key }, place) => {
      const told = results[2 * place + 1] ?? [];
      if (plan.action !== 'delete') return told.map((row) => writtenOf(target, row));
      const version = rows[place]?.[0]?.version ?? '';
      return told.length > 0 ? [] : [{ key: key ?? '', version, isAdvanced: true, isKept: true }];
    });
  }

  async record(receipt: OperationReceipt): Promise<void> {
    await this.#session.proceed([receiptStep(this.#target, this.#filling, receipt)]);
  }

  end(ending: Ending): Promise<void> {
    return this.#session.end(ending);
  }

  /** A fault of the database has ended the session; any other must too, since its transaction is open. */
  async abandon(): Promise<void> {
    this.#session.destroy();
  }
}

function writtenOf(target: TableTarget, row: Row): WrittenRow {
  const [, version, isAdvanced, isKept] = row;
  return {
    key: toldKey(target, row),
    version: version ?? '',
    isAdvanced: isAdvanced === 't',
    isKept: isKept === 't',
  };
}
