import { agentPermissions, runnerPermissions } from '@countersign/durable-objects/tenant/access/permissions';
import { macKeyId } from '@countersign/protocol/mac-key-id';
import { tokenDigest } from '@countersign/protocol/token';
import type { NewTenant } from '@countersign/provisioner/create-tenant';
import { PEOPLE } from '../local/issuer/people.ts';
import { LETTERS } from './acme-contract.ts';
import { CLERK, MODEL_HANDLER } from './local-model.ts';
import type { LocalSecrets } from './local-secrets.ts';

/** The seeded customer of the local stack. */
export const ACME = {
  project_id: 'prj_acme',
  source_id: 'src_acme_billing',
  agent: 'crd_billing_agent',
  runner: 'crd_local_runner',
} as const;

/** The tenant as the provisioner makes it: its people by their issuer, its two tokens by their digests. */
export function acmeTenant(secrets: LocalSecrets, now: number): NewTenant {
  const sources = [ACME.source_id];
  return {
    tenant: ACME.project_id,
    label: 'acme',
    shard: 'DB',
    region: 'local',
    now,
    nonce: crypto.randomUUID(),
    sources: [{ source_id: ACME.source_id, name: 'Billing database', engine: 'postgres' }],
    members: PEOPLE.flatMap(({ sub, name, membership }) =>
      membership === null
        ? []
        : [
            {
              person: `${secrets.issuer} ${sub}`,
              name,
              roles: [membership.role],
              approval_roles: membership.approvalRoles,
            },
          ],
    ),
    credentials: [
      {
        credential_id: ACME.agent,
        kind: 'agent',
        name: 'billing-agent',
        digest: tokenDigest(secrets.agentToken),
        mac_key: macKeyId(secrets.macKey),
        sources,
        permissions: agentPermissions,
        expires_at: null,
        bindings: { tenant_id: 'acme', principal: 'support_agent_17' },
      },
      {
        credential_id: ACME.runner,
        kind: 'runner',
        name: 'local-runner',
        digest: tokenDigest(secrets.runnerToken),
        mac_key: macKeyId(secrets.macKey),
        sources,
        permissions: runnerPermissions,
        targets: [LETTERS],
        handlers: [MODEL_HANDLER, CLERK],
        expires_at: null,
      },
    ],
  };
}
