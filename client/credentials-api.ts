import * as z from 'zod';
import { type CallApi, nextCursor, type Page, path, type View, viewSchema } from './call-api.ts';
import type { CallOptions, WriteOptions } from './http.ts';
import { shown, shownBefore } from './shown-once.ts';

const agent = { agent: z.looseObject({ agent_id: z.string() }) };
const issuedAgentSchema = z.discriminatedUnion('secret_available', [
  z.looseObject({ ...agent, ...shown, agent_token: z.string() }),
  z.looseObject({ ...agent, ...shownBefore }),
]);
const apiKey = { api_key: z.looseObject({ key_id: z.string() }) };
const issuedServiceSchema = z.discriminatedUnion('secret_available', [
  z.looseObject({ ...apiKey, ...shown, token: z.string() }),
  z.looseObject({ ...apiKey, ...shownBefore }),
]);
const runnerToken = { token: z.looseObject({ token_id: z.string() }) };
const issuedRunnerSchema = z.discriminatedUnion('secret_available', [
  z.looseObject({ ...runnerToken, ...shown, runner_token: z.string() }),
  z.looseObject({ ...runnerToken, ...shownBefore }),
]);
export type IssuedAgent = z.infer<typeof issuedAgentSchema>;
export type IssuedService = z.infer<typeof issuedServiceSchema>;
export type IssuedRunner = z.infer<typeof issuedRunnerSchema>;

const agentSchema = z.looseObject({ agent: viewSchema });
const keySchema = z.looseObject({ api_key: viewSchema });
const runnerTokenSchema = z.looseObject({ token: viewSchema });
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
  /** Of one that may propose, and only of one: where it may. */
  readonly source_ids?: readonly string[] | undefined;
  /** Unix seconds. */
  readonly expires_at?: number | undefined;
}
export interface NewRunnerToken {
  readonly name: string;
  readonly source_ids: readonly string[];
  /** Accounts at providers that it may act on. */
  readonly targets?: readonly string[] | undefined;
  /** Whose tasks it may work at. */
  readonly handlers?: readonly string[] | undefined;
  readonly permissions?: readonly string[] | undefined;
}

/** Credentials of programs; the secret of each is in the one answer that made it. Every method throws `ApiError`. */
export interface CredentialsApi {
  agents(page?: Page, options?: CallOptions): Promise<z.infer<typeof agentsSchema>>;
  agent(id: string, options?: CallOptions): Promise<z.infer<typeof agentSchema>>;
  createAgent(agent: NewAgent, options?: WriteOptions): Promise<IssuedAgent>;
  rotateAgent(id: string, overlapSeconds?: number, options?: WriteOptions): Promise<IssuedAgent>;
  revokeAgent(id: string, reason?: string, options?: WriteOptions): Promise<View>;
  services(page?: Page, options?: CallOptions): Promise<z.infer<typeof keysSchema>>;
  service(id: string, options?: CallOptions): Promise<z.infer<typeof keySchema>>;
  createService(service: NewService, options?: WriteOptions): Promise<IssuedService>;
  rotateService(id: string, overlapSeconds?: number, options?: WriteOptions): Promise<IssuedService>;
  revokeService(id: string, reason?: string, options?: WriteOptions): Promise<View>;
  runnerTokens(page?: Page, options?: CallOptions): Promise<z.infer<typeof runnerTokensSchema>>;
  runnerToken(id: string, options?: CallOptions): Promise<z.infer<typeof runnerTokenSchema>>;
  createRunnerToken(token: NewRunnerToken, options?: WriteOptions): Promise<IssuedRunner>;
  rotateRunnerToken(id: string, overlapSeconds?: number, options?: WriteOptions): Promise<IssuedRunner>;
  revokeRunnerToken(id: string, reason?: string, options?: WriteOptions): Promise<View>;
}

const KEYS = '/v1/control/api-keys';

export function createCredentialsApi({ get, post }: CallApi, projectId: string): CredentialsApi {
  const tokens = path`/v1/control/projects/${projectId}/runner-tokens`;
  return {
    agents: (page = {}, options) => get('/v1/agents', agentsSchema, options, { ...page }),
    agent: (id, options) => get(path`/v1/agents/${id}`, agentSchema, options),
    createAgent: (agent, options) => post('/v1/agents', { ...agent }, issuedAgentSchema, options),
    rotateAgent: (id, overlapSeconds, options) =>
      post(path`/v1/agents/${id}/rotate`, overlap(overlapSeconds), issuedAgentSchema, options),
    revokeAgent: (id, reason, options) =>
      post(path`/v1/agents/${id}/revoke`, { reason }, viewSchema, options),
    services: (page = {}, options) => get(KEYS, keysSchema, options, { ...page }),
    service: (id, options) => get(`${KEYS}${path`/${id}`}`, keySchema, options),
    createService: (service, options) =>
      post(KEYS, { project_id: projectId, ...service }, issuedServiceSchema, options),
    rotateService: (id, overlapSeconds, options) =>
      post(
        `${KEYS}/rotate`,
        { project_id: projectId, key_id: id, ...overlap(overlapSeconds) },
        issuedServiceSchema,
        options,
      ),
    revokeService: (id, reason, options) =>
      post(`${KEYS}/revoke`, { project_id: projectId, key_id: id, reason }, viewSchema, options),
    runnerTokens: (page = {}, options) => get(tokens, runnerTokensSchema, options, { ...page }),
    runnerToken: (id, options) => get(`${tokens}${path`/${id}`}`, runnerTokenSchema, options),
    createRunnerToken: (token, options) => post(tokens, { ...token }, issuedRunnerSchema, options),
    rotateRunnerToken: (id, overlapSeconds, options) =>
      post(`${tokens}${path`/${id}/rotate`}`, overlap(overlapSeconds), issuedRunnerSchema, options),
    revokeRunnerToken: (id, reason, options) =>
      post(`${tokens}${path`/${id}/revoke`}`, { reason }, viewSchema, options),
  };
}

/** How long the secret that is replaced goes on working. */
function overlap(seconds: number | undefined) {
  return seconds === undefined ? {} : { overlap_seconds: seconds };
}
