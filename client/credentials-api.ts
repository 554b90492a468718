import * as z from 'zod';
import { type CallApi, nextCursor, type Page, path, type View, viewSchema } from './call-api.ts';
import type { CallOptions, WriteOptions } from './http.ts';

/** Every secret below is in the one answer that made it, and nowhere else. */
const issuedAgentSchema = z.looseObject({
  agent_token: z.string(),
  agent: z.looseObject({ agent_id: z.string() }),
});
const issuedServiceSchema = z.looseObject({
  token: z.string(),
  api_key: z.looseObject({ key_id: z.string() }),
});
const issuedRunnerSchema = z.looseObject({
  runner_token: z.string(),
  token: z.looseObject({ token_id: z.string() }),
});
export type IssuedAgent = z.infer<typeof issuedAgentSchema>;
export type IssuedService = z.infer<typeof issuedServiceSchema>;
export type IssuedRunner = z.infer<typeof issuedRunnerSchema>;

const agentsSchema = z.looseObject({ agents: z.array(viewSchema), ...nextCursor });
const keysSchema = z.looseObject({ api_keys: z.array(viewSchema), ...nextCursor });
const runnerTokensSchema = z.looseObject({ runner_tokens: z.array(viewSchema), ...nextCursor });

export interface NewAgent {
  readonly name: string;
  /** Tenant, principal and whatever else its proposals are bound to. */
  readonly bindings: Readonly<Record<string, string>>;
  readonly source_ids: readonly string[];
  readonly capabilities?: readonly string[] | undefined;
  readonly expires_at?: string | undefined;
}
export interface NewService {
  readonly name: string;
  readonly scopes: readonly string[];
  /** Unix seconds. */
  readonly expires_at?: number | undefined;
}
export interface NewRunnerToken {
  readonly name: string;
  readonly source_ids: readonly string[];
  readonly permissions?: readonly string[] | undefined;
}

/** Credentials of programs. Every method throws `ApiError`. */
export interface CredentialsApi {
  agents(page?: Page, options?: CallOptions): Promise<z.infer<typeof agentsSchema>>;
  createAgent(agent: NewAgent, options?: WriteOptions): Promise<IssuedAgent>;
  rotateAgent(id: string, overlapSeconds?: number, options?: WriteOptions): Promise<IssuedAgent>;
  revokeAgent(id: string, options?: WriteOptions): Promise<View>;
  services(page?: Page, options?: CallOptions): Promise<z.infer<typeof keysSchema>>;
  createService(service: NewService, options?: WriteOptions): Promise<IssuedService>;
  rotateService(id: string, options?: WriteOptions): Promise<IssuedService>;
  revokeService(id: string, options?: WriteOptions): Promise<View>;
  runnerTokens(page?: Page, options?: CallOptions): Promise<z.infer<typeof runnerTokensSchema>>;
  createRunnerToken(token: NewRunnerToken, options?: WriteOptions): Promise<IssuedRunner>;
  rotateRunnerToken(id: string, options?: WriteOptions): Promise<IssuedRunner>;
  revokeRunnerToken(id: string, options?: WriteOptions): Promise<View>;
}

const KEYS = '/v1/control/api-keys';

export function createCredentialsApi({ get, post }: CallApi, projectId: string): CredentialsApi {
  const tokens = path`/v1/control/projects/${projectId}/runner-tokens`;
  return {
    agents: (page = {}, options) => get('/v1/agents', agentsSchema, options, { ...page }),
    createAgent: (agent, options) => post('/v1/agents', { ...agent }, issuedAgentSchema, options),
    rotateAgent: (id, overlapSeconds, options) =>
      post(
        path`/v1/agents/${id}/rotate`,
        { ...(overlapSeconds === undefined ? {} : { overlap_seconds: overlapSeconds }) },
        issuedAgentSchema,
        options,
      ),
    revokeAgent: (id, options) => post(path`/v1/agents/${id}/revoke`, {}, viewSchema, options),
    services: (page = {}, options) => get(KEYS, keysSchema, options, { ...page }),
    createService: (service, options) =>
      post(KEYS, { project_id: projectId, ...service }, issuedServiceSchema, options),
    rotateService: (id, options) =>
      post(`${KEYS}/rotate`, { project_id: projectId, key_id: id }, issuedServiceSchema, options),
    revokeService: (id, options) =>
      post(`${KEYS}/revoke`, { project_id: projectId, key_id: id }, viewSchema, options),
    runnerTokens: (page = {}, options) => get(tokens, runnerTokensSchema, options, { ...page }),
    createRunnerToken: (token, options) => post(tokens, { ...token }, issuedRunnerSchema, options),
    rotateRunnerToken: (id, options) =>
      post(`${tokens}${path`/${id}/rotate`}`, {}, issuedRunnerSchema, options),
    revokeRunnerToken: (id, options) => post(`${tokens}${path`/${id}/revoke`}`, {}, viewSchema, options),
  };
}
