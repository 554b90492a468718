import { agentPermissions, runnerPermissions } from '@countersign/durable-objects/tenant/access/permissions';
import { mintToken, tokenDigest } from '@countersign/protocol/token';
import { type Plane, startPlane } from '@countersign/serve/start-plane';
import { AUDIENCE } from '../../scripts/local/issuer/provider-configuration.ts';
import type { Bench } from './bench.ts';
import { benchContract } from './bench-contract.ts';
import { type HttpConnection, withConnection } from './http-connection.ts';
import { getJson, postJson } from './json-call.ts';
import { APPROVER, SOURCE, TENANT } from './names.ts';
import { noLimits } from './no-limits.ts';

const MAC_KEY = 'a key of the bench, which guards nothing';
const NOTICE = 'notices.send';
export const TARGET = 'events';

const contract = {
  ...benchContract,
  'x-cloud-actions': [
    {
      name: NOTICE,
      context: 'desk',
      provider: 'webhook',
      target: TARGET,
      args: { id: { type: 'string', max_length: 40 } },
      input: { id: { from_arg: 'id' } },
      business_key: ['id'],
      approval: { mode: 'none' },
    },
  ],
};

/** A plane with a tenant whose agent may send webhooks that nobody has to let go: what a queue does, too. */
export interface OutboxPlane {
  readonly plane: Plane;
  readonly origin: URL;
  readonly runnerToken: string;
  /** Intends one webhook; returns when it is stored. */
  intend(connection: HttpConnection, id: string): Promise<void>;
  /** How many actions have not ended. */
  waiting(): Promise<number>;
}

export async function startOutboxPlane({ gatewayCode, issuer }: Bench): Promise<OutboxPlane> {
  const plane = await startPlane({
    code: gatewayCode,
    port: 0,
    persist: undefined,
    issuers: [{ issuer: issuer.url, audience: AUDIENCE, jwks_uri: `${issuer.url}/jwks` }],
    macKeys: [MAC_KEY],
    limits: noLimits,
    onLog: (line) => console.error(line),
  });
  const agentToken = mintToken('agt', TENANT, 'crd_agent', MAC_KEY);
  const runnerToken = mintToken('run', TENANT, 'crd_runner', MAC_KEY);
  const shared = { sources: [SOURCE], expires_at: null };
  await plane.createTenant({
    tenant: TENANT,
    label: 'outbox',
    shard: 'DB',
    region: 'local',
    now: Date.now(),
    nonce: 'outbox',
    sources: [{ source_id: SOURCE, name: 'Billing', engine: 'postgres' }],
    members: [{ person: `${issuer.url} ${APPROVER}`, name: 'Ada', roles: ['owner'], approval_roles: [] }],
    credentials: [
      {
        ...shared,
        credential_id: 'crd_agent',
        kind: 'agent',
        name: 'agent',
        digest: tokenDigest(agentToken),
        permissions: agentPermissions,
        bindings: { tenant_id: 'acme', principal: 'desk' },
      },
      {
        ...shared,
        credential_id: 'crd_runner',
        kind: 'runner',
        name: 'runner',
        digest: tokenDigest(runnerToken),
        permissions: runnerPermissions,
        targets: [TARGET],
      },
    ],
  });
  const origin = new URL(plane.url);
  const { host } = origin;
  const owner = { host, token: issuer.approverToken };
  await withConnection(origin, async (connection) => {
    const push = {
      schema_version: 'synapsor.cloud-contract-push.v0.1',
      contract,
      activate: true,
      reason: 'the bench',
    };
    await postJson(connection, owner, `/v1/control/projects/${TENANT}/agent-contracts`, push);
  });
  return {
    plane,
    origin,
    runnerToken,
    intend: async (connection, id) => {
      await postJson(connection, { host, token: agentToken }, '/v1/actions', {
        action: NOTICE,
        args: { id },
      });
    },
    waiting: () =>
      withConnection(origin, async (connection) => {
        const path = `/v1/engine/health?project_id=${TENANT}`;
        const { actions } = await getJson<{ actions: Record<string, number> }>(connection, owner, path);
        return Object.values(actions).reduce((sum, count) => sum + count, 0);
      }),
  };
}
