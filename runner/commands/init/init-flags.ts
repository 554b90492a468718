import { parseArgs } from 'node:util';
import {
  type Answers,
  faultOf,
  isEngine,
  isVersionKind,
  listOf,
  type PartialAnswers,
  type PartialTable,
  type TableAnswers,
  USUAL_ROLE,
  USUAL_TOKEN_ENV,
  usualReceipts,
} from './answers.ts';

/** The command line of `init`. */
export interface InitFlags {
  readonly configPath: string;
  readonly sqlPath: string | undefined;
  readonly isForced: boolean;
  /** Ask nothing: what the flags do not say is missing. */
  readonly isUnasked: boolean;
  readonly isJson: boolean;
  readonly known: PartialAnswers;
}

const text = { type: 'string' } as const;
const texts = { type: 'string', multiple: true } as const;
const flag = { type: 'boolean', default: false } as const;

export const initOptions = {
  config: text,
  sql: text,
  force: flag,
  yes: flag,
  json: flag,
  engine: text,
  'database-url-env': text,
  'control-plane-url': text,
  'token-env': text,
  'source-id': text,
  'runner-id': text,
  role: text,
  receipts: text,
  table: texts,
  'primary-key': texts,
  'tenant-column': texts,
  'tenant-values': texts,
  'single-tenant': { type: 'boolean', multiple: true },
  'version-column': texts,
  'version-kind': texts,
  columns: texts,
  'insert-once-by': texts,
  delete: { type: 'boolean', multiple: true },
  'max-rows': texts,
  compensations: { type: 'boolean', multiple: true },
} as const;

type Token = { readonly name: string; readonly value: string | undefined };

/** Understands the flags of `init`, or says what is wrong with them. Throws what `parseArgs` throws. */
export function parseInitFlags(args: readonly string[]): InitFlags | { readonly fault: string } {
  const { tokens, values } = parseArgs({ args: [...args], options: initOptions, tokens: true });
  if (values.config === undefined || values.config === '') return { fault: 'init needs --config FILE' };
  const given = tokens.flatMap((token) =>
    token.kind === 'option' ? [{ name: token.name, value: token.value }] : [],
  );
  const fault = given.map(faultOfFlag).find((each) => each !== undefined);
  if (fault !== undefined) return { fault };
  const tables = tablesOf(given);
  if (tables === undefined) return { fault: 'what is said of a table must follow its --table' };
  const contradiction = contradictionIn(given);
  if (contradiction !== undefined) return { fault: contradiction };
  const { engine } = values;
  const known: PartialAnswers = {
    ...(engine !== undefined && isEngine(engine) ? { engine } : {}),
    ...defined('databaseUrlEnv', values['database-url-env']),
    ...defined('controlPlaneUrl', values['control-plane-url']),
    ...defined('tokenEnv', values['token-env']),
    ...defined('sourceId', values['source-id']),
    ...defined('runnerId', values['runner-id']),
    ...defined('role', values.role),
    ...defined('receipts', values.receipts),
    tables,
  };
  return {
    configPath: values.config,
    sqlPath: values.sql,
    isForced: values.force,
    isUnasked: values.yes,
    isJson: values.json,
    known,
  };
}

const checks: Readonly<Record<string, (value: string) => string | undefined>> = {
  engine: faultOf.engine,
  'database-url-env': faultOf.variable,
  'token-env': faultOf.variable,
  'control-plane-url': faultOf.url,
  'source-id': faultOf.id,
  'runner-id': faultOf.id,
  role: faultOf.column,
  receipts: faultOf.table,
  table: faultOf.table,
  'primary-key': faultOf.column,
  'tenant-column': faultOf.column,
  'tenant-values': faultOf.tenants,
  'version-column': faultOf.column,
  'version-kind': faultOf.versionKind,
  columns: faultOf.columns,
  'insert-once-by': faultOf.columns,
  'max-rows': faultOf.rows,
};

function faultOfFlag({ name, value }: Token): string | undefined {
  const fault = checks[name]?.(value ?? '');
  return fault === undefined ? undefined : `--${name} ${fault}`;
}

/** Each `--table` begins one, and what follows is said of it; undefined when something is said of none. */
function tablesOf(given: readonly Token[]): PartialTable[] | undefined {
  const tables: PartialTable[] = [];
  for (const { name, value = '' } of given) {
    const said = saidOfTable(name, value);
    if (said === undefined) continue;
    const table = name === 'table' ? {} : tables.pop();
    if (table === undefined) return undefined;
    tables.push(withSaid(table, said));
  }
  return tables;
}

/** Each word of the operations is a flag of its own. */
function withSaid(table: PartialTable, { operations, ...said }: PartialTable): PartialTable {
  const known = { ...table, ...said };
  return operations === undefined ? known : { ...known, operations: { ...table.operations, ...operations } };
}

/** A table either has tenants or has none: whoever says both must not get the one with less of a guard. */
function contradictionIn(given: readonly Token[]): string | undefined {
  let [table, isSingle, hasTenants] = ['', false, false];
  for (const { name, value = '' } of given) {
    if (name === 'table') [table, isSingle, hasTenants] = [value, false, false];
    isSingle ||= name === 'single-tenant';
    hasTenants ||= name === 'tenant-column' || name === 'tenant-values';
    if (isSingle && hasTenants)
      return `--single-tenant contradicts --tenant-column and --tenant-values of ${table}: give one or the other`;
  }
  return undefined;
}

function saidOfTable(name: string, value: string): PartialTable | undefined {
  switch (name) {
    case 'table':
      return { name: value };
    case 'primary-key':
      return { primaryKey: value };
    case 'tenant-column':
      return { tenantColumn: value };
    case 'tenant-values':
      return { tenantValues: listOf(value) };
    case 'single-tenant':
      return { tenantColumn: null };
    case 'version-column':
      return { versionColumn: value };
    case 'version-kind':
      return isVersionKind(value) ? { versionKind: value } : {};
    case 'columns':
      return { columns: listOf(value) };
    case 'insert-once-by':
      return { operations: { insert: { deduplication_columns: listOf(value) } } };
    case 'delete':
      return { operations: { delete: { cascades: false, triggers: false } } };
    case 'max-rows':
      return { operations: { sets: { max_rows: Number(value) } } };
    case 'compensations':
      return { operations: { compensations: true } };
    default:
      return undefined;
  }
}

/** The complete answers, with what is usual where nothing was said; or the flags that are missing. */
export function completed(known: PartialAnswers): Answers | { readonly missing: readonly string[] } {
  const { controlPlaneUrl, databaseUrlEnv, engine, runnerId, sourceId } = known;
  const tables = known.tables.map(completedTable);
  const missing = [
    ...(engine === undefined ? ['--engine'] : []),
    ...(databaseUrlEnv === undefined ? ['--database-url-env'] : []),
    ...(controlPlaneUrl === undefined ? ['--control-plane-url'] : []),
    ...(sourceId === undefined ? ['--source-id'] : []),
    ...(runnerId === undefined ? ['--runner-id'] : []),
    ...(tables.length === 0 ? ['--table'] : []),
    ...tables.flatMap((table) => ('missing' in table ? table.missing : [])),
  ];
  if (
    engine === undefined ||
    databaseUrlEnv === undefined ||
    controlPlaneUrl === undefined ||
    sourceId === undefined ||
    runnerId === undefined ||
    missing.length > 0
  )
    return { missing };
  const {
    receipts = usualReceipts(engine, known.tables),
    role = USUAL_ROLE,
    tokenEnv = USUAL_TOKEN_ENV,
  } = known;
  return {
    engine,
    databaseUrlEnv,
    controlPlaneUrl,
    sourceId,
    runnerId,
    receipts,
    role,
    tokenEnv,
    tables: tables.flatMap((table) => ('missing' in table ? [] : [table])),
  };
}

function completedTable(table: PartialTable): TableAnswers | { readonly missing: readonly string[] } {
  const {
    columns,
    name = '',
    operations,
    primaryKey,
    tenantColumn,
    tenantValues = [],
    versionColumn,
    versionKind,
  } = table;
  if (
    primaryKey !== undefined &&
    tenantColumn !== undefined &&
    versionColumn !== undefined &&
    versionKind !== undefined &&
    columns !== undefined
  )
    return {
      ...{ name, primaryKey, tenantColumn, tenantValues, versionColumn, versionKind, columns },
      ...(operations === undefined ? {} : { operations }),
    };
  const missing = [
    ...(primaryKey === undefined ? ['--primary-key'] : []),
    ...(tenantColumn === undefined ? ['--tenant-column or --single-tenant'] : []),
    ...(versionColumn === undefined ? ['--version-column'] : []),
    ...(versionKind === undefined ? ['--version-kind'] : []),
    ...(columns === undefined ? ['--columns'] : []),
  ];
  return { missing: missing.map((flag) => `${flag} of ${name}`) };
}

function defined<Name extends string>(name: Name, value: string | undefined): Partial<Record<Name, string>> {
  const some: Partial<Record<Name, string>> = {};
  if (value !== undefined) some[name] = value;
  return some;
}
