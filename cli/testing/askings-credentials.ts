import { type Asking, P } from './asking.ts';

/** What is asked about credentials of programs. */
export const credentials: readonly Asking[] = [
  {
    args: ['agents', 'list'],
    route: 'GET /v1/agents',
    answer: { agents: [{ agent_id: 'agt_1', name: 'bot', last_used_at: '2026-11-21T10:00:30Z' }] },
    prints: '2026-11-21 10:00Z',
  },
  {
    args: ['agents', 'show', 'agt_1'],
    route: 'GET /v1/agents/agt_1',
    answer: { agent: { agent_id: 'agt_1', bindings: { tenant_id: 'acme' } } },
    prints: 'bindings tenant id  acme',
  },
  {
    args: ['agents', 'revoke', 'agt_1'],
    route: 'POST /v1/agents/agt_1/revoke',
    body: {},
    answer: {},
    prints: 'revoked',
  },
  {
    args: ['services', 'list'],
    route: 'GET /v1/control/api-keys',
    query: 'project_id=prj_1',
    answer: { api_keys: [{ key_id: 'ak_1', scopes: ['contracts:write'], expires_at: 1_800_000_000 }] },
    prints: '2027-01-15 08:00Z',
  },
  {
    args: ['services', 'show', 'ak_1'],
    route: 'GET /v1/control/api-keys/ak_1',
    answer: { api_key: { key_id: 'ak_1', scopes: ['contracts:read', 'contracts:write'] } },
    prints: 'contracts:read, contracts:write',
  },
  {
    args: ['services', 'revoke', 'ak_1', '--reason', 'why'],
    route: 'POST /v1/control/api-keys/revoke',
    body: { project_id: 'prj_1', key_id: 'ak_1', reason: 'why' },
    answer: {},
    prints: 'revoked',
  },
  {
    args: ['runner-tokens', 'list'],
    route: `GET ${P}/runner-tokens`,
    answer: { runner_tokens: [{ token_id: 'rnt_1', source_ids: ['src_1'] }] },
    prints: 'src_1',
  },
  {
    args: ['runner-tokens', 'show', 'rnt_1'],
    route: `GET ${P}/runner-tokens/rnt_1`,
    answer: { token: { token_id: 'rnt_1', source_ids: ['src_1'], status: 'active' } },
    prints: 'active',
  },
  {
    args: ['runner-tokens', 'revoke', 'rnt_1'],
    route: `POST ${P}/runner-tokens/rnt_1/revoke`,
    body: {},
    answer: {},
    prints: 'revoked',
  },
];
