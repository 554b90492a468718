import { runnerPermissions } from '@countersign/durable-objects/tenant/access/permissions';
import { mintToken, tokenDigest } from '@countersign/protocol/token';
import type { NewTenant } from '@countersign/provisioner/create-tenant';
import { type Plane, startPlane } from '@countersign/serve/start-plane';
import { AUDIENCE } from '../../scripts/local/issuer/provider-configuration.ts';
import { LIMIT_ROWS_SQL } from '../limits/limit-rows.ts';
import type { Bench } from './bench.ts';
import { withConnection } from './http-connection.ts';
import { APPROVER, SOURCE, TENANT } from './names.ts';
import { noLimits } from './no-limits.ts';
import { PlaneCalls } from './plane-calls.ts';
import type { JobOrigin } from './runner-process.ts';

const MAC_KEY = 'a key of the bench, which guards nothing';

/** The product's edge half, with one tenant in it. */
export interface BenchPlane {
  readonly plane: Plane;
  readonly origin: URL;
  readonly calls: PlaneCalls;
  /** What a runner is given to reach it. */
  readonly jobs: JobOrigin;
}

/** Starts a plane of its own for a measurement, so that none finds what an earlier one left behind. */
export async function startBenchPlane({ gatewayCode, issuer }: Bench): Promise<BenchPlane> {
  const plane = await startPlane({
    code: gatewayCode,
    port: 0,
    persist: undefined,
    issuers: [{ issuer: issuer.url, audience: AUDIENCE, jwks_uri: `${issuer.url}/jwks` }],
    macKeys: [MAC_KEY],
    limits: noLimits,
    onLog: (line) => console.error(line),
  });
  const tokens = {
    service: mintToken('svc', TENANT, 'crd_service', MAC_KEY),
    approver: issuer.approverToken,
    runner: mintToken('run', TENANT, 'crd_runner', MAC_KEY),
  };
  await plane.createTenant(newTenant(issuer.url, tokens));
  const origin = new URL(plane.url);
  const calls = new PlaneCalls(origin, tokens);
  await withConnection(origin, async (connection) => {
    await calls.govern(connection);
    await calls.register(connection);
  });
  return { plane, origin, calls, jobs: { url: plane.url, token: tokens.runner } };
}

/** Starts the Worker of the limits in the same workerd, with the same settings, as a process of its own. */
export async function startLimits({ limitsCode }: Bench): Promise<{ plane: Plane; origin: URL }> {
  const plane = await startPlane({
    code: limitsCode,
    port: 0,
    persist: undefined,
    issuers: [],
    macKeys: [MAC_KEY],
    onLog: (line) => console.error(line),
  });
  for (const sql of LIMIT_ROWS_SQL) await plane.query(sql);
  return { plane, origin: new URL(plane.url) };
}

function newTenant(issuer: string, { service, runner }: { service: string; runner: string }): NewTenant {
  const shared = { sources: [SOURCE], expires_at: null };
  return {
    tenant: TENANT,
    label: 'bench',
    shard: 'DB',
    region: 'local',
    now: Date.now(),
    nonce: 'bench',
    sources: [{ source_id: SOURCE, name: 'Billing', engine: 'postgres' }],
    members: [
      { person: `${issuer} ${APPROVER}`, name: 'Ada Lindqvist', roles: ['approver'], approval_roles: [] },
    ],
    credentials: [
      {
        ...shared,
        credential_id: 'crd_service',
        kind: 'service',
        name: 'service',
        digest: tokenDigest(service),
        permissions: ['proposals:write', 'contracts:write', 'contracts:activate'],
      },
      {
        ...shared,
        credential_id: 'crd_runner',
        kind: 'runner',
        name: 'runner',
        digest: tokenDigest(runner),
        permissions: runnerPermissions,
      },
    ],
  };
}
