import type { SourceConfig, TablePermission } from '../../config/runner-config.ts';
import { DatabaseFault } from '../database-fault.ts';
import { unallowed } from '../delete-effects.ts';
import { holdsOperations, RECEIPTS_TOO_OLD } from '../receipt-record.ts';
import type { SourceFault } from '../source-database.ts';
import { type TableRights, tableRights } from '../table-rights.ts';
import { type CatalogColumn, type CatalogTable, readTable } from './catalog.ts';
import type { Connection } from './connection.ts';
import { deleteEffects } from './delete-effects.ts';
import { receiptColumns, VERSION_ADVANCED_CONSTRAINT } from './receipts-sql.ts';
import { applySql, type TableTarget } from './write-sql.ts';

/** The oldest release whose catalog and functions are known to be as used here. */
const OLDEST_SERVER = 120_000;

type Report = (what: string) => void;

/**
 * Compares a database with what the configuration says of it. Everything is reported at once, so that whoever
 * sets it up need not come back for each fault. Throws `DatabaseFault` when the database cannot be asked.
 */
export async function checkSource(
  connection: Connection,
  config: SourceConfig,
  tables: readonly TableTarget[],
): Promise<readonly SourceFault[]> {
  const faults: SourceFault[] = [];
  const reporter = (where: string) => (what: string) => {
    // A column may be needed for several things.
    const isTold = faults.some((fault) => fault.where === where && fault.what === what);
    if (!isTold) faults.push({ where, what });
  };
  await checkServer(connection, reporter('server'));
  const receipts = `${config.receipts.schema}.${config.receipts.table}`;
  const found = await readTable(connection, receipts);
  if (found === undefined) reporter(receipts)(NO_RECEIPTS);
  else checkReceipts(found, holdsOperations(config), reporter(receipts));
  for (const target of tables) {
    const report = reporter(target.name);
    const table = await readTable(connection, target.name);
    if (table === undefined) report('the table does not exist, or its schema is not visible');
    else {
      checkTable(table, target.permission, tableRights(config, target.permission), report);
      await checkDelete(connection, target, report);
    }
  }
  // What the catalog cannot tell, such as a key type without an operator, shows when the statement is prepared.
  if (faults.length === 0) {
    for (const target of tables) {
      await checkStatement(
        connection,
        applySql(target, target.permission.columns).sql,
        reporter(target.name),
      );
    }
  }
  return faults;
}

async function checkServer(connection: Connection, report: Report): Promise<void> {
  const version = await connection.execute(
    { name: undefined, text: `SELECT pg_catalog.current_setting('server_version_num')` },
    [],
  );
  if (Number(version[0]?.[0]) < OLDEST_SERVER) report('PostgreSQL 12 or newer is needed');
}

const SHOWN_ROWS =
  'ALTER TABLE ... DISABLE ROW LEVEL SECURITY, or ALTER ROLE ... BYPASSRLS, which gives no right to any table';
const TOO_EQUAL =
  'has a nondeterministic collation, under which the name of one row may reach another; one that is deterministic is needed';

const NO_RECEIPTS =
  'the receipt table does not exist; `countersign-runner receipts-sql` prints what creates it';

function checkReceipts(table: CatalogTable, isForOperations: boolean, report: Report): void {
  if (table.kind !== 'r') report('the receipt table must be an ordinary table');
  if (table.hidesRows)
    report(`row-level security is active for this role: it would not find a hidden receipt; ${SHOWN_ROWS}`);
  for (const name of receiptColumns) {
    const column = table.columns.get(name);
    if (column === undefined && name === 'operation') {
      if (isForOperations) report(RECEIPTS_TOO_OLD);
    } else if (column === undefined) report(`the receipt table has no column ${name}`);
    else if (!column.canSelect || !column.canInsert) report(`SELECT and INSERT on column ${name} are needed`);
  }
  if (table.columns.get('idempotency_key')?.isDeterministic === false)
    report(`column idempotency_key ${TOO_EQUAL}`);
  if (!table.uniqueKeys.some((key) => key.length === 1 && key[0] === 'idempotency_key')) {
    report('idempotency_key must be the primary key, or unique, alone');
  }
  if (!table.checks.includes(VERSION_ADVANCED_CONSTRAINT))
    report(`the constraint ${VERSION_ADVANCED_CONSTRAINT} is missing`);
}

function checkTable(
  table: CatalogTable,
  permission: TablePermission,
  rights: TableRights,
  report: Report,
): void {
  if (table.kind !== 'r' && table.kind !== 'p') report('must be a table, not a view');
  if (table.hidesRows)
    report(
      `row-level security is active for this role: it would take a hidden row for missing; ${SHOWN_ROWS}`,
    );
  const tenant = 'column' in permission.tenant ? [permission.tenant.column] : [];
  for (const name of [permission.primary_key, ...tenant]) {
    if (table.columns.get(name)?.isDeterministic === false) report(`column ${name} ${TOO_EQUAL}`);
  }
  for (const name of rights.select) {
    needColumn(table, name, report, (column) => {
      if (!column.canSelect) report(`SELECT on column ${name} is needed`);
    });
  }
  for (const name of [...permission.columns, permission.version.column]) {
    needColumn(table, name, report, (column) => {
      if (!column.canUpdate) report(`UPDATE on column ${name} is needed`);
      if (column.isGenerated) report(`column ${name} is generated and cannot be written`);
    });
  }
  for (const name of rights.insert) {
    needColumn(table, name, report, (column) => {
      if (!column.canInsert) report(`INSERT on column ${name} is needed`);
      if (column.isGenerated) report(`column ${name} is generated and cannot be written`);
    });
  }
  if (rights.delete && !table.canDelete) report('DELETE is needed');
  checkDeduplication(table, permission, report);
  checkKey(table, permission.primary_key, tenant, report);
  const version = table.columns.get(permission.version.column);
  if (version !== undefined) checkVersion(version, permission.version, report);
}

/** A row that is there already must make a second one fail, whoever adds it. */
function checkDeduplication(table: CatalogTable, { operations }: TablePermission, report: Report): void {
  const columns = operations?.insert?.deduplication_columns;
  if (columns === undefined) return;
  for (const name of columns)
    if (table.columns.get(name)?.isDeterministic === false) report(`column ${name} ${TOO_EQUAL}`);
  const isWithin = (key: readonly string[]) => key.every((column) => columns.includes(column));
  if (!table.uniqueKeys.some(isWithin))
    report(
      `deduplication_columns ${columns.join(', ')}: no unique key lies within them, so that a row could be added twice`,
    );
}

async function checkDelete(
  connection: Connection,
  { name, permission }: TableTarget,
  report: Report,
): Promise<void> {
  const allowed = permission.operations?.delete;
  if (allowed === undefined) return;
  for (const { what } of unallowed(await deleteEffects(connection, name), allowed)) report(what);
}

function needColumn(
  table: CatalogTable,
  name: string,
  report: Report,
  check: (column: CatalogColumn) => void,
): void {
  const column = table.columns.get(name);
  if (column === undefined) report(`there is no column ${name}`);
  else check(column);
}

/** A write names a row by the key, and by the tenant where there is one; it must name at most one row. */
function checkKey(table: CatalogTable, primaryKey: string, tenant: readonly string[], report: Report): void {
  const guards = [primaryKey, ...tenant];
  const isOfGuards = (key: readonly string[]) =>
    key.includes(primaryKey) && key.every((column) => guards.includes(column));
  if (table.uniqueKeys.some(isOfGuards)) return;
  report(
    `${primaryKey} must be unique${tenant.length === 0 ? '' : ` by itself or together with ${tenant.join()} alone`}`,
  );
}

const INTEGER_TYPES = ['int2', 'int4', 'int8'];
const TIMESTAMP_TYPES = ['timestamp', 'timestamptz'];
/** PostgreSQL's own precision; a column declared with less would round two versions to one. */
const MICROSECONDS = [-1, 6];

function checkVersion(
  column: CatalogColumn,
  { column: name, advance }: TablePermission['version'],
  report: Report,
): void {
  if (!column.isNotNull) report(`version column ${name} must be NOT NULL`);
  if (advance === 'integer') {
    if (!INTEGER_TYPES.includes(column.type))
      report(`version column ${name} must be smallint, integer or bigint`);
    return;
  }
  if (!TIMESTAMP_TYPES.includes(column.type)) report(`version column ${name} must be a timestamp`);
  else if (!MICROSECONDS.includes(column.typeModifier))
    report(`version column ${name} must have the full precision of microseconds`);
}

/** Classes of SQLSTATE: a wrong name, type or right, and a table on which a rule forbids such a statement. */
const CANNOT_PREPARE: ReadonlySet<string> = new Set(['42', '0A']);

async function checkStatement(connection: Connection, sql: string, report: Report): Promise<void> {
  try {
    await connection.run(`PREPARE countersign_check AS ${sql}`);
    await connection.run('DEALLOCATE countersign_check');
  } catch (error) {
    if (!(error instanceof DatabaseFault) || !CANNOT_PREPARE.has(error.code.slice(0, 2))) throw error;
    report(`the guarded write cannot be prepared (SQLSTATE ${error.code})`);
  }
}
