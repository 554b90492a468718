import { isIP } from 'node:net';
import { foreignIdSchema, identifierSchema, labelSchema } from '@countersign/protocol/values';
import * as z from 'zod';
import { artifactsConfigSchema } from '../artifacts/artifacts-config.ts';
import { executorsConfigSchema } from '../executors/executor-config.ts';
import { modelsConfigSchema } from '../models/models-config.ts';
import { tasksConfigSchema } from '../tasks/tasks-config.ts';
import { addIssue } from './add-issue.ts';
import { secretReferenceSchema } from './secret.ts';
import { tableOperationsSchema } from './table-operations.ts';

const LOOPBACK = /^(localhost|127(\.\d{1,3}){3}|\[::1\])$/;

/** Only an origin, and only over TLS unless it never leaves this machine. */
const controlPlaneUrlSchema = z.string().superRefine((text, context) => {
  const message = controlPlaneUrlFault(text);
  if (message !== undefined) context.addIssue({ code: 'custom', message });
});

function controlPlaneUrlFault(text: string): string | undefined {
  if (!URL.canParse(text)) return 'is not a URL';
  const url = new URL(text);
  if (url.protocol !== 'https:' && url.protocol !== 'http:') return 'must begin with https://';
  if (url.protocol === 'http:' && !LOOPBACK.test(url.hostname)) {
    return 'must begin with https:// (http:// is for this machine only: localhost, 127.0.0.1, [::1])';
  }
  if (url.username !== '' || url.password !== '') return 'must not hold a user or password';
  if (url.pathname !== '/' || url.search !== '' || url.hash !== '')
    return 'must be an origin, without a path';
  return undefined;
}

/** A guard by tenant, or the explicit word that this table has none. There is no default. */
const tenantSchema = z.union(
  [
    z.strictObject({
      column: identifierSchema,
      /** The tenants that this runner writes for; all of the table's when left away. */
      values: z.array(labelSchema).min(1).optional(),
    }),
    z.strictObject({ single_tenant: z.literal(true) }),
  ],
  { error: 'must be {"column": "..."} or, for a table without tenants, {"single_tenant": true}' },
);

const tableObject = z.strictObject({
  primary_key: identifierSchema,
  tenant: tenantSchema,
  version: z.strictObject({ column: identifierSchema, advance: z.enum(['integer', 'timestamp']) }),
  columns: z.array(identifierSchema).min(1),
  protected_columns: z.array(identifierSchema).default([]),
  /** What a rehearsal may show beside the columns that may be written, the primary key and the version. */
  visible_columns: z.array(identifierSchema).optional(),
  /** Without it a job may update one row, and nothing else. */
  operations: tableOperationsSchema.optional(),
});

const tableSchema = tableObject.superRefine((table, context) => {
  table.columns.forEach((column, index) => {
    const role = protectedRole(table, column);
    if (role !== undefined) {
      context.addIssue({
        code: 'custom',
        path: ['columns', index],
        message: `is ${role} and can never be written`,
      });
    }
  });
  const guards = guardColumns(table).map((column) => column.toLowerCase());
  if (new Set(guards).size < guards.length) {
    context.addIssue({
      code: 'custom',
      message: 'primary key, tenant and version must be different columns',
    });
  }
  for (const message of deduplicationFaults(table)) {
    const path = ['operations', 'insert', 'deduplication_columns'];
    context.addIssue({ code: 'custom', path, message });
  }
});

/** What one table may be written: the whole of what the control plane can make this runner do there. */
export type TablePermission = z.infer<typeof tableObject>;

function deduplicationFaults(table: TablePermission): string[] {
  const columns = table.operations?.insert?.deduplication_columns;
  if (columns === undefined) return [];
  const { protected_columns, tenant, version } = table;
  const has = (name: string) => columns.some((column) => isSame(column, name));
  const faults = [version.column, ...protected_columns]
    .filter(has)
    .map((name) => `must not hold ${name}, which a job can never set`);
  if ('column' in tenant && !has(tenant.column))
    faults.push(`must hold ${tenant.column}, so that no tenant stands in the way of another`);
  if (new Set(columns.map((column) => column.toLowerCase())).size < columns.length)
    faults.push('must not name a column twice');
  return faults;
}

function guardColumns(table: TablePermission): string[] {
  return [
    table.primary_key,
    table.version.column,
    ...('column' in table.tenant ? [table.tenant.column] : []),
  ];
}

/** Why a column can never be written, or undefined when nothing protects it. */
export function protectedRole(table: TablePermission, column: string): string | undefined {
  if (isSame(column, table.primary_key)) return 'the primary key';
  if ('column' in table.tenant && isSame(column, table.tenant.column)) return 'the tenant column';
  if (isSame(column, table.version.column)) return 'the version column';
  return table.protected_columns.some((name) => isSame(column, name)) ? 'a protected column' : undefined;
}

/** The columns of a table whose values may leave this machine, and only in the answer to a rehearsal. */
export function visibleColumns({
  columns,
  primary_key,
  version,
  visible_columns,
}: TablePermission): string[] {
  return [...new Set([primary_key, version.column, ...columns, ...(visible_columns ?? [])])];
}

/** MySQL knows columns whatever their case. */
function isSame(column: string, other: string): boolean {
  return column.toLowerCase() === other.toLowerCase();
}

const tableNameSchema = z.string().refine(
  (text) => {
    const parts = text.split('.');
    return parts.length === 2 && parts.every((part) => identifierSchema.safeParse(part).success);
  },
  { error: 'must be schema.table, each of letters, digits and _' },
);

const millisecondsSchema = z.int().min(100).max(600_000);

/** Nobody waits longer than ten seconds for a rehearsal. */
const rehearsalMillisecondsSchema = z.int().min(100).max(10_000);

/** Allows rehearsals: guarded writes that are rolled back, and what they would change is told. */
const rehearsalsSchema = z.strictObject({
  lock_timeout_ms: rehearsalMillisecondsSchema.default(200),
  statement_timeout_ms: rehearsalMillisecondsSchema.default(2_000),
  /** Of those that one agent's proposals ask for. */
  per_agent_a_minute: z.int().min(1).max(6_000).default(30),
  /** In sessions of their own, beside `connections`. */
  at_once: z.int().min(1).max(10).default(1),
});
export type RehearsalLimits = z.infer<typeof rehearsalsSchema>;

const receiptsSchema = z.strictObject({ schema: identifierSchema, table: identifierSchema });

const sourceFields = {
  /** Another name by which jobs may mean this source. */
  alias: foreignIdSchema.optional(),
  database_url: secretReferenceSchema,
  lock_timeout_ms: millisecondsSchema.default(2_000),
  statement_timeout_ms: millisecondsSchema.default(5_000),
  connections: z.int().min(1).max(64).default(8),
  /** Without it there are none. */
  rehearsals: rehearsalsSchema.optional(),
  tables: z
    .record(tableNameSchema, tableSchema)
    .refine((tables) => Object.keys(tables).length > 0, 'must name at least one table'),
};

interface Limits {
  readonly lock_timeout_ms: number;
  readonly statement_timeout_ms: number;
}

/** Otherwise a locked row ends the session before the server says that it is locked, and nobody knows what was done. */
function lockEndsFirst(
  engine: 'postgres' | 'mysql',
  { lock_timeout_ms, statement_timeout_ms }: Limits,
): boolean {
  const lockMs = engine === 'mysql' ? Math.ceil(lock_timeout_ms / 1_000) * 1_000 : lock_timeout_ms;
  return lockMs < statement_timeout_ms;
}

const LOCK_ENDS_LAST =
  'must be smaller than statement_timeout_ms; for MySQL and MariaDB rounded up to whole seconds, which is how they wait for locks';

const sourceSchema = z
  .discriminatedUnion(
    'engine',
    [
      z.strictObject({
        engine: z.literal('postgres'),
        receipts: receiptsSchema.default({ schema: 'public', table: 'countersign_receipts' }),
        ...sourceFields,
      }),
      z.strictObject({
        /** MariaDB too. A schema is a database here, and none of them is everybody's. */
        engine: z.literal('mysql'),
        receipts: z.strictObject(receiptsSchema.shape, {
          error: (issue) => (issue.input === undefined ? 'must say in which database and table' : undefined),
        }),
        ...sourceFields,
      }),
    ],
    { error: 'must be "postgres", or "mysql" for MySQL and MariaDB' },
  )
  .refine(({ receipts, tables }) => !Object.hasOwn(tables, `${receipts.schema}.${receipts.table}`), {
    path: ['tables'],
    message: 'must not hold the receipt table',
  })
  .refine((source) => lockEndsFirst(source.engine, source), {
    path: ['lock_timeout_ms'],
    message: LOCK_ENDS_LAST,
  })
  .refine(({ engine, rehearsals }) => rehearsals === undefined || lockEndsFirst(engine, rehearsals), {
    path: ['rehearsals', 'lock_timeout_ms'],
    message: LOCK_ENDS_LAST,
  });
export type SourceConfig = z.infer<typeof sourceSchema>;

/**
 * The runner's own HTTP server for whoever operates it. It asks nobody who they are, so it listens on this machine
 * only; that others may read it is a decision, which is made by naming the address that they reach.
 */
const httpSchema = z.strictObject({
  host: z
    .string()
    .refine(
      (host) => host === 'localhost' || isIP(host) !== 0,
      'must be an IP address of this machine, or localhost',
    )
    .default('127.0.0.1'),
  /** With 0 it is any free port, which the log names. */
  port: z.int().min(0).max(65_535),
});
export type HttpConfig = z.infer<typeof httpSchema>;

const configObject = z.strictObject({
  control_plane: z.strictObject({
    url: controlPlaneUrlSchema,
    token: secretReferenceSchema,
    /** When given, jobs of any other project are refused. */
    project_id: foreignIdSchema.optional(),
  }),
  runner_id: foreignIdSchema,
  /** In a dry run every write is tried and rolled back, and its job given back. */
  mode: z.enum(['dry_run', 'write']).default('write'),
  /** In production a role that may do more than the runner needs is refused. */
  profile: z.enum(['development', 'production']).default('development'),
  /** How many jobs of one source the runner holds at once. */
  lanes: z.int().min(1).max(50).default(8),
  /** Without it there is no server. */
  http: httpSchema.optional(),
  sources: z.record(foreignIdSchema, sourceSchema).default({}),
  /** Accounts at providers that this runner acts on, by the names that contracts have for them. */
  executors: executorsConfigSchema.default({}),
  /** How many actions the runner performs at once. */
  actions_at_once: z.int().min(1).max(20).default(4),
  /** Where this runner keeps what tasks make. */
  artifacts: artifactsConfigSchema.optional(),
  /** Providers of language models, by the names that tasks have for them. */
  models: modelsConfigSchema.default({}),
  /** Without it the runner does no tasks. */
  tasks: tasksConfigSchema.optional(),
});

/** The runner's configuration file, where its id may have another form. Whatever it does not name does not exist. */
export function runnerConfigWith<Id extends z.ZodType<string>>(runnerId: Id) {
  return configObject
    .extend({ runner_id: runnerId })
    .refine(
      ({ executors, sources, tasks }) =>
        Object.keys(sources).length + Object.keys(executors).length > 0 || tasks !== undefined,
      {
        path: ['sources'],
        message: 'must name at least one source, or executors at least one target, or tasks a handler',
      },
    )
    .refine(({ artifacts, tasks }) => tasks === undefined || artifacts !== undefined, {
      path: ['artifacts'],
      message: 'is needed with tasks, whose handlers keep there what they make',
    })
    .superRefine(({ models, tasks }, context) => {
      for (const [name, { provider }] of Object.entries(tasks?.handlers ?? {})) {
        if (Object.hasOwn(models, provider)) continue;
        addIssue(context, 'must be one of models', ['tasks', 'handlers', name, 'provider']);
      }
    });
}

export const runnerConfigSchema = runnerConfigWith(foreignIdSchema);
export type RunnerConfig = z.infer<typeof runnerConfigSchema>;
