import type { SourceConfig, TablePermission } from '../../config/runner-config.ts';
import { DatabaseFault } from '../database-fault.ts';
import { unallowed } from '../delete-effects.ts';
import { holdsOperations, RECEIPTS_TOO_OLD } from '../receipt-record.ts';
import type { Row } from '../session.ts';
import type { SourceFault } from '../source-database.ts';
import { type TableRights, tableRights } from '../table-rights.ts';
import { type CatalogColumn, type CatalogTable, readTable } from './catalog.ts';
import { canBeKey, canBeWritten, isInteger, isTimestamp } from './column-type.ts';
import { deleteEffectsOf, deleteEffectsSql } from './delete-effects.ts';
import { quoteTableName } from './identifiers.ts';
import type { MysqlSession } from './mysql-session.ts';
import { receiptColumns } from './receipts-sql.ts';

type Report = (what: string) => void;

/** The oldest releases whose statements and catalog are known to be as used here: CHECK constraints hold from them on. */
const OLDEST = { MySQL: [8, 0, 19], MariaDB: [10, 11, 0] } as const;
const MICROSECONDS = 6;

/**
 * Compares a database with what the configuration says of it. Everything is reported at once, so that whoever
 * sets it up need not come back for each fault. Throws `DatabaseFault` when the database cannot be asked.
 */
export async function checkSource(
  session: MysqlSession,
  config: SourceConfig,
): Promise<readonly SourceFault[]> {
  const { receipts, tables } = config;
  const faults: SourceFault[] = [];
  const reporter = (where: string) => (what: string) => {
    // A column may be needed for several things.
    const isTold = faults.some((fault) => fault.where === where && fault.what === what);
    if (!isTold) faults.push({ where, what });
  };
  await checkServer(session, reporter('server'));
  const name = `${receipts.schema}.${receipts.table}`;
  const found = await readTable(session, name);
  if (found === undefined) reporter(name)(NO_RECEIPTS);
  else checkReceipts(found, holdsOperations(config), reporter(name));
  for (const [table, permission] of Object.entries(tables)) {
    const report = reporter(table);
    const described = await readTable(session, table);
    if (described === undefined) report('the table does not exist, or the user has no right on it');
    else {
      const rights = tableRights(config, permission);
      checkReading(described, rights.select, report);
      checkTable(described, permission, report);
      checkAdding(described, permission, rights, report);
      const allowed = permission.operations?.delete;
      if (allowed !== undefined)
        for (const { what } of unallowed(await deleteEffects(session, table), allowed)) report(what);
    }
  }
  await checkDeleting(session, config, reporter);
  return faults;
}

/**
 * Tries it on no row, since no catalog says for certain who may delete. Last, and no further than the first table where
 * it may not be: an error ends the session.
 */
async function checkDeleting(
  session: MysqlSession,
  { tables }: SourceConfig,
  reporter: (where: string) => Report,
): Promise<void> {
  for (const [name, { operations }] of Object.entries(tables)) {
    if (operations?.delete === undefined) continue;
    try {
      await session.transact([{ sql: `DELETE FROM ${quoteTableName(name)} WHERE 1 = 0` }], 'ROLLBACK');
    } catch (error) {
      if (!(error instanceof DatabaseFault) || error.meaning.kind !== 'failed') throw error;
      // That there is no such table has been told.
      if (error.meaning.code === 'PERMISSION_DENIED') reporter(name)('DELETE is needed');
      return;
    }
  }
}

async function checkServer(session: MysqlSession, report: Report): Promise<void> {
  const { isMariaDb, version } = session.server;
  const family = isMariaDb ? 'MariaDB' : 'MySQL';
  if (isOlder(version, OLDEST[family])) report(`${family} ${OLDEST[family].join('.')} or newer is needed`);
  const [row] = await session.read(`SELECT @@GLOBAL.log_bin, @@SESSION.binlog_format`);
  if (row?.[0] === '1' && row[1] === 'STATEMENT')
    report('binlog_format is STATEMENT, which cannot log writes at READ COMMITTED; set it to ROW');
}

function isOlder(version: readonly number[], least: readonly number[]): boolean {
  const place = least.findIndex((number, index) => number !== version[index]);
  return place !== -1 && (version[place] ?? 0) < (least[place] ?? 0);
}

const NO_RECEIPTS =
  'the receipt table does not exist, or the user has no right on it; `countersign-runner receipts-sql` prints what creates it';

function checkReceipts(table: CatalogTable, isForOperations: boolean, report: Report): void {
  checkStorage(table, report);
  for (const name of receiptColumns) {
    const column = table.columns.get(name);
    if (column === undefined && name === 'operation') {
      if (isForOperations) report(RECEIPTS_TOO_OLD);
    } else if (column === undefined) report(`the receipt table has no column ${name}`);
    else if (!column.rights.has('select') || !column.rights.has('insert'))
      report(`SELECT and INSERT on column ${name} are needed`);
  }
  if (!table.uniqueKeys.some((key) => key.length === 1 && key[0] === 'idempotency_key'))
    report('idempotency_key must be the primary key, or unique, alone');
  // Without a hash would be the receipt of a write whose version did not advance.
  for (const name of ['idempotency_key', 'result_hash'])
    if (table.columns.get(name)?.isNullable === true) report(`${name} must be NOT NULL`);
}

/** What is not undone when a transaction is rolled back cannot be guarded. */
function checkStorage({ isBaseTable, storageEngine }: CatalogTable, report: Report): void {
  if (!isBaseTable) report('must be a table, not a view');
  else if (storageEngine?.toLowerCase() !== 'innodb')
    report(
      `must be stored by InnoDB, and is by ${storageEngine ?? 'nothing'}: only there a write can be taken back`,
    );
}

function checkTable(table: CatalogTable, permission: TablePermission, report: Report): void {
  checkStorage(table, report);
  const tenant = 'column' in permission.tenant ? [permission.tenant.column] : [];
  for (const name of [permission.primary_key, ...tenant]) {
    needColumn(table, name, report, (column) => {
      if (!canBeKey(column.type))
        report(
          `column ${name} of type ${column.type.declared} cannot name a row: integers, char, varchar, uuid and binary(16) can`,
        );
    });
  }
  needColumn(table, permission.version.column, report, (column) =>
    checkVersion(column, permission.version, report),
  );
  for (const name of [...permission.columns, permission.version.column]) {
    needColumn(table, name, report, (column) => {
      if (!column.rights.has('update')) report(`UPDATE on column ${name} is needed`);
      if (column.isGenerated) report(`column ${name} is generated and cannot be written`);
      if (!canBeWritten(column.type))
        report(`column ${name}: values of type ${column.type.declared} cannot be written exactly`);
    });
  }
  checkKey(table, permission.primary_key, tenant, report);
}

/** A row that is there already must make a second one fail, whoever adds it. */
function checkAdding(
  table: CatalogTable,
  { operations }: TablePermission,
  rights: TableRights,
  report: Report,
): void {
  for (const name of rights.insert) {
    needColumn(table, name, report, (column) => {
      if (!column.rights.has('insert')) report(`INSERT on column ${name} is needed`);
      if (column.isGenerated) report(`column ${name} is generated and cannot be written`);
    });
  }
  const columns = operations?.insert?.deduplication_columns;
  if (columns === undefined) return;
  for (const name of columns) {
    const type = table.columns.get(name)?.type;
    if (type !== undefined && !canBeKey(type))
      report(`column ${name} of type ${type.declared} cannot name a row`);
  }
  const isWithin = (key: readonly string[]) => key.every((column) => columns.includes(column));
  if (!table.uniqueKeys.some(isWithin))
    report(
      `deduplication_columns ${columns.join(', ')}: no unique key lies within them, so that a row could be added twice`,
    );
}

async function deleteEffects(session: MysqlSession, table: string) {
  const answers: (readonly Row[])[] = [];
  for (const sql of deleteEffectsSql(table)) answers.push(await session.read(sql));
  return deleteEffectsOf(answers, table);
}

function checkReading(table: CatalogTable, columns: readonly string[], report: Report): void {
  for (const name of columns) {
    needColumn(table, name, report, (column) => {
      if (!column.rights.has('select')) report(`SELECT on column ${name} is needed`);
    });
  }
}

function needColumn(
  table: CatalogTable,
  name: string,
  report: Report,
  check: (column: CatalogColumn) => void,
): void {
  const column = table.columns.get(name);
  if (column === undefined) report(`there is no column ${name}, or the user has no right on it`);
  else check(column);
}

/** A write names a row by the key, and by the tenant where there is one; it must name at most one row. */
function checkKey(table: CatalogTable, primaryKey: string, tenant: readonly string[], report: Report): void {
  const guards = [primaryKey, ...tenant];
  const isOfGuards = (key: readonly string[]) =>
    key.includes(primaryKey) &&
    key.every((column) => guards.includes(column) && table.columns.get(column)?.isNullable === false);
  if (table.uniqueKeys.some(isOfGuards)) return;
  report(
    `${primaryKey} must be unique and NOT NULL${tenant.length === 0 ? '' : `, by itself or together with ${tenant.join()} alone`}`,
  );
}

function checkVersion(
  { isNullable, type }: CatalogColumn,
  { column: name, advance }: TablePermission['version'],
  report: Report,
): void {
  if (isNullable) report(`version column ${name} must be NOT NULL`);
  if (advance === 'integer') {
    if (!isInteger(type)) report(`version column ${name} must be an integer`);
  } else if (!isTimestamp(type)) report(`version column ${name} must be a datetime or timestamp`);
  else if (type.scale !== MICROSECONDS)
    report(`version column ${name} must have the full precision of microseconds: ${type.name}(6)`);
}
