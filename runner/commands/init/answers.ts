import { hostname } from 'node:os';
import { foreignIdSchema, identifierSchema, labelSchema } from '@countersign/protocol/values';
import type * as z from 'zod';
import { runnerConfigSchema, type SourceConfig } from '../../config/runner-config.ts';
import { ENVIRONMENT_NAME } from '../../config/secret.ts';
import { type TableOperations, tableOperationsSchema } from '../../config/table-operations.ts';

/** What `init` has to know of one table. */
export interface TableAnswers {
  readonly name: string;
  readonly primaryKey: string;
  /** Null for a table of one tenant. */
  readonly tenantColumn: string | null;
  /** The tenants that may be written for; any where there are none. */
  readonly tenantValues: readonly string[];
  readonly versionColumn: string;
  readonly versionKind: VersionKind;
  readonly columns: readonly string[];
  /** What may happen beside the update of one row; nothing where it is left away. */
  readonly operations?: TableOperations;
}

/** Everything that `init` has to know. No secret is among it: each is named by the variable that holds it. */
export interface Answers {
  readonly engine: Engine;
  readonly databaseUrlEnv: string;
  readonly tables: readonly TableAnswers[];
  readonly receipts: string;
  readonly controlPlaneUrl: string;
  readonly tokenEnv: string;
  readonly sourceId: string;
  readonly runnerId: string;
  readonly role: string;
}

export const engines = ['postgres', 'mysql'] as const satisfies readonly SourceConfig['engine'][];
export type Engine = (typeof engines)[number];

export const versionKinds = ['integer', 'timestamp'] as const;
export type VersionKind = (typeof versionKinds)[number];

/** What is known so far; in each table too. */
export interface PartialAnswers extends Partial<Omit<Answers, 'tables'>> {
  readonly tables: readonly PartialTable[];
}
export type PartialTable = Partial<TableAnswers>;

export const USUAL_TOKEN_ENV = 'COUNTERSIGN_RUNNER_TOKEN';
export const USUAL_ROLE = 'countersign_runner';
const RECEIPTS = 'countersign_receipts';

/** Where receipts lie unless somebody says otherwise: beside the first table, which is where the runner may go anyway. */
export function usualReceipts(engine: Engine, tables: readonly PartialTable[]): string {
  const [schema = ''] = tables[0]?.name?.split('.') ?? [];
  return engine === 'postgres' ? `public.${RECEIPTS}` : `${schema}.${RECEIPTS}`;
}

/** Such as `runner-db7`, after this machine. */
export function usualRunnerId(): string {
  return `runner-${hostname().split('.', 1)[0]}`.replaceAll(/[^\w.:-]/g, '-').slice(0, 60);
}

/** What is wrong with an answer, in words that do not repeat it: it may be a secret in the wrong place. */
export type Fault = string | undefined;

const message = (schema: z.ZodType, text: string): Fault => schema.safeParse(text).error?.issues[0]?.message;

export const faultOf = {
  engine: (text: string): Fault => (isEngine(text) ? undefined : 'must be postgres or mysql'),
  versionKind: (text: string): Fault => (isVersionKind(text) ? undefined : 'must be integer or timestamp'),
  variable: (text: string): Fault =>
    ENVIRONMENT_NAME.test(text)
      ? undefined
      : 'must be the NAME of an environment variable, such as BILLING_DATABASE_URL; never the URL or the secret itself',
  table: (text: string): Fault =>
    text.split('.').length === 2 && text.split('.').every((part) => identifierSchema.safeParse(part).success)
      ? undefined
      : 'must be schema.table, each of letters, digits and _',
  column: (text: string): Fault => message(identifierSchema, text),
  columns: (text: string): Fault => {
    const columns = listOf(text);
    if (columns.length === 0) return 'must name at least one column';
    return columns.map((column) => message(identifierSchema, column)).find((fault) => fault !== undefined);
  },
  tenants: (text: string): Fault =>
    listOf(text)
      .map((value) => message(labelSchema, value))
      .find((fault) => fault !== undefined),
  rows: (text: string): Fault =>
    tableOperationsSchema.safeParse({ sets: { max_rows: Number(text) } }).success
      ? undefined
      : 'must be a number from 1 to 100',
  id: (text: string): Fault => message(foreignIdSchema, text),
  url: (text: string): Fault => message(runnerConfigSchema.shape.control_plane.shape.url, text),
} as const;

export function isEngine(text: string): text is Engine {
  return engines.some((engine) => engine === text);
}

export function isVersionKind(text: string): text is VersionKind {
  return versionKinds.some((kind) => kind === text);
}

/** `a, b,c` */
export function listOf(text: string): string[] {
  return text
    .split(',')
    .map((part) => part.trim())
    .filter((part) => part !== '');
}
