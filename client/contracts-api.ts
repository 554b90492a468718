import * as z from 'zod';
import { type CallApi, nextCursor, type Page, path, viewSchema } from './call-api.ts';
import { type CallOptions, type Connection, stream, type WriteOptions } from './http.ts';

const text = z.string().nullish();
const number = z.number().nullish();
/** Shown where it can be read; nothing depends on it. */
const told = z.string().nullish().catch(undefined);

export const contractSchema = z.looseObject({
  contract_id: z.string(),
  name: text,
  description: text,
  status: text,
  digest: text,
  current_version_number: number,
  active_version_id: text,
});
export type ContractView = z.infer<typeof contractSchema>;

/** A change between two versions, in the categories of the semantic diff. */
const contractChangeSchema = z.looseObject({
  change: z.string(),
  area: text,
  name: text,
  risk_increasing: z.boolean().nullish(),
  path: told,
  message: told,
  before: z.unknown().optional(),
  after: z.unknown().optional(),
});
export type ContractChange = z.infer<typeof contractChangeSchema>;

/** What a lint found in a version. */
const findingSchema = z.looseObject({
  code: z.string(),
  severity: z.string(),
  path: text,
  message: text,
});

const diffSchema = z.looseObject({
  changes: z.array(contractChangeSchema),
  risk_increasing: z.boolean().nullish(),
});
export type ContractDiff = z.infer<typeof diffSchema>;

export const versionSchema = z.looseObject({
  contract_version_id: z.string(),
  version_number: number,
  status: text,
  digest: text,
  risk_increasing: z.boolean().nullish(),
  semantic_diff: diffSchema.partial().nullish(),
  lint: z.looseObject({ findings: z.array(findingSchema) }).nullish(),
  label: told,
  pushed_at: told,
  pushed_by: told,
});
export type VersionView = z.infer<typeof versionSchema>;

const listSchema = z.looseObject({ contracts: z.array(contractSchema), ...nextCursor });
const historySchema = z.looseObject({ contract: contractSchema, versions: z.array(versionSchema) });
const versionAnswerSchema = z.looseObject({
  version: versionSchema.extend({ contract: viewSchema, digest: z.string() }),
});
const pushedSchema = z.looseObject({
  contract_id: z.string(),
  contract_version_id: z.string(),
  version_number: number,
  digest: z.string(),
  status: text,
  contract: contractSchema.partial().nullish(),
  version: versionSchema.partial().nullish(),
});
export type PushedContract = z.infer<typeof pushedSchema>;
const switchedSchema = z.looseObject({
  contract: contractSchema.partial(),
  version: versionSchema.partial().nullish(),
});

export interface ContractPush {
  readonly contract: object;
  readonly name?: string | undefined;
  readonly description?: string | undefined;
  readonly activate?: boolean | undefined;
  readonly reason?: string | undefined;
  /** What the caller computed of the contract: another one at the other end is refused. */
  readonly local_digest?: string | undefined;
  readonly idempotency_key?: string | undefined;
}

/** The registry of contracts. Every method throws `ApiError`. */
export interface ContractsApi {
  list(page?: Page, options?: CallOptions): Promise<z.infer<typeof listSchema>>;
  /** A contract and its versions, oldest first. */
  history(contractId: string, options?: CallOptions): Promise<z.infer<typeof historySchema>>;
  version(
    contractId: string,
    versionId: string,
    options?: CallOptions,
  ): Promise<z.infer<typeof versionAnswerSchema>>;
  /** What a Synapsor Runner needs to serve a version for one source: a ZIP archive, in pieces. */
  bundle(
    contractId: string,
    versionId: string,
    sourceId: string,
    options?: CallOptions,
  ): AsyncGenerator<Uint8Array>;
  push(push: ContractPush, options?: WriteOptions): Promise<PushedContract>;
  diff(contractId: string, from: string, to: string, options?: CallOptions): Promise<ContractDiff>;
  activate(
    contractId: string,
    versionId: string,
    reason?: string,
    options?: WriteOptions,
  ): Promise<z.infer<typeof switchedSchema>>;
  rollback(
    contractId: string,
    versionId: string,
    reason?: string,
    options?: WriteOptions,
  ): Promise<z.infer<typeof switchedSchema>>;
}

export function createContractsApi(
  { get, post }: CallApi,
  connection: Connection,
  projectId: string,
): ContractsApi {
  const base = path`/v1/control/projects/${projectId}/agent-contracts`;
  const switchTo =
    (verb: 'activate' | 'rollback'): ContractsApi['activate'] =>
    (contractId, versionId, reason, options) =>
      post(
        `${base}${path`/${contractId}/versions/${versionId}/${verb}`}`,
        { ...(reason === undefined ? {} : { reason }) },
        switchedSchema,
        options,
      );
  return {
    list: (page = {}, options) => get(base, listSchema, options, { ...page }),
    history: (contractId, options) => get(`${base}${path`/${contractId}`}`, historySchema, options),
    version: (contractId, versionId, options) =>
      get(`${base}${path`/${contractId}/versions/${versionId}`}`, versionAnswerSchema, options),
    bundle: (contractId, versionId, source_id, options) =>
      stream(connection, {
        path: `${base}${path`/${contractId}/versions/${versionId}/runner-bundle`}`,
        query: { source_id, download: 1 },
        ...options,
      }),
    push: (push, options) =>
      post(
        base,
        { schema_version: 'synapsor.cloud-contract-push.v0.1', source: 'cli', ...push },
        pushedSchema,
        options,
      ),
    diff: (contractId, from, to, options) =>
      get(`${base}${path`/${contractId}/diff`}`, diffSchema, options, { from, to }),
    activate: switchTo('activate'),
    rollback: switchTo('rollback'),
  };
}
