import type { Plane } from '@countersign/serve/start-plane';
import type { Bench } from './bench.ts';
import { GovernedCalls } from './governed-calls.ts';
import { APPROVAL_ROLE, approvingPolicy, governedContract } from './governed-contract.ts';
import { type HttpConnection, withConnection } from './http-connection.ts';
import { type Asking, postJson } from './json-call.ts';
import { APPROVER, HANDLER, SOURCE } from './names.ts';

const TENANT = 'prj_governed';

/** A second tenant on a plane, whose contract leaves decisions to policies, one of which approves. */
export interface GovernedTenant {
  readonly tenant: string;
  readonly calls: GovernedCalls;
}

/** Creates it as its owner would: credentials, contract and policy come through the gateway. */
export async function createGovernedTenant(
  { issuer }: Bench,
  plane: Plane,
  origin: URL,
): Promise<GovernedTenant> {
  await plane.createTenant({
    tenant: TENANT,
    label: 'governed',
    shard: 'DB',
    region: 'local',
    now: Date.now(),
    nonce: 'bench',
    sources: [{ source_id: SOURCE, name: 'Billing', engine: 'postgres' }],
    members: [
      {
        person: `${issuer.url} ${APPROVER}`,
        name: 'Ada Lindqvist',
        roles: ['owner'],
        approval_roles: [APPROVAL_ROLE],
      },
    ],
    credentials: [],
  });
  const owner = { host: origin.host, token: issuer.approverToken };
  return withConnection(origin, async (connection) => {
    await govern(connection, owner);
    return { tenant: TENANT, calls: new GovernedCalls(origin.host, await issueTokens(connection, owner)) };
  });
}

async function govern(connection: HttpConnection, owner: Asking): Promise<void> {
  const push = {
    schema_version: 'synapsor.cloud-contract-push.v0.1',
    contract: governedContract,
    activate: true,
    reason: 'the bench begins',
  };
  const query = `project_id=${TENANT}`;
  await postJson(connection, owner, `/v1/control/projects/${TENANT}/agent-contracts`, push);
  const saved = await postJson<{ digest: string }>(connection, owner, `/v1/policies?${query}`, {
    policy: approvingPolicy,
  });
  const { digest } = saved;
  await postJson(connection, owner, `/v1/policies/${approvingPolicy.name}/activate?${query}`, { digest });
}

async function issueTokens(connection: HttpConnection, owner: Asking) {
  const sources = { source_ids: [SOURCE] };
  const service = await postJson<{ token: string }>(
    connection,
    owner,
    `/v1/control/api-keys?project_id=${TENANT}`,
    { ...sources, name: 'service', scopes: ['proposals:write'] },
  );
  const agent = await postJson<{ agent_token: string }>(
    connection,
    owner,
    `/v1/agents?project_id=${TENANT}`,
    { ...sources, name: 'desk', bindings: { tenant_id: 'acme', principal: 'ada' } },
  );
  const runner = await postJson<{ runner_token: string }>(
    connection,
    owner,
    `/v1/control/projects/${TENANT}/runner-tokens`,
    { ...sources, name: 'runner', handlers: [HANDLER] },
  );
  return { service: service.token, agent: agent.agent_token, runner: runner.runner_token };
}
