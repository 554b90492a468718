import { tokenDigest } from '@countersign/protocol/token';
import { type NewTenant, tenantRowsStatements } from '../create-tenant.ts';
import { eraseTenant } from '../erase-tenant.ts';
import { hostedCredentialId } from '../hosted-runners.ts';
import type { Means } from '../means.ts';
import type { Step } from '../saga/run-saga.ts';
import type { Saga } from '../saga/saga.ts';

/** What a runner without a database may do. */
const hostedPermissions = [
  'runner:doctor',
  'runner:register',
  'runner:heartbeat',
  'activity:ingest',
  'action:claim',
  'action:confirm',
  'task:claim',
  'task:complete',
] as const;

/** The tenant's rows, its owner and its head, in one batch: it is there whole or not at all. */
export function createRows(means: Means): Step {
  return {
    do: async (saga) => {
      const shard = means.shard(saga.found.shard ?? '');
      const look = { sql: 'SELECT nonce FROM ledger WHERE tenant = ?1 AND seq = 1', params: [saga.tenant] };
      const [[first] = []] = await shard.batch([look]);
      if (first === undefined) await shard.batch(tenantRowsStatements(wantedBy(means, saga)));
      else if (first.nonce !== saga.nonce)
        return { ok: false, trouble: { code: 'tenant_exists', mayPass: false } };
      return { ok: true };
    },
    undo: async ({ found, tenant }) => {
      if (found.shard !== undefined) await eraseTenant(means.shard(found.shard), tenant);
      return { ok: true };
    },
  };
}

function wantedBy(means: Means, saga: Saga): NewTenant {
  const { begunAt, found, nonce, owner, tenant, wish } = saga;
  const { label, sources, hosted_runner: hosted } = wish;
  const runner =
    hosted === undefined
      ? []
      : [
          {
            credential_id: hostedCredentialId(saga),
            kind: 'runner' as const,
            name: 'hosted runner',
            digest: tokenDigest(means.tokenOf(saga)),
            ...(found.macKey === undefined ? {} : { mac_key: found.macKey }),
            sources: [],
            permissions: hostedPermissions,
            targets: hosted.targets,
            handlers: hosted.handlers,
            expires_at: null,
          },
        ];
  return {
    tenant,
    label,
    shard: found.shard ?? '',
    region: found.region ?? '',
    now: begunAt,
    nonce,
    sources,
    members: [{ person: owner.person, name: owner.person, roles: ['owner'], approval_roles: [] }],
    credentials: runner,
  };
}
