import { digest } from '@countersign/protocol/canonical-json';
import type { Rehearsal } from '@countersign/protocol/rehearsal';
import { findInForce, type InForce } from '../contracts/in-force.ts';
import type { ProposalRow } from '../schema.ts';
import type { ProposalRequest, Submission } from '../turn/body.ts';
import type { World } from '../turn/world.ts';
import { rehearsable } from './rehearsable.ts';
import { rehearsalIdOf } from './rehearsal-id.ts';

/**
 * What a runner is asked to rehearse. Undefined where the capability is in force no more: nobody needs to look then,
 * and the proposal goes on without.
 */
export function rehearsalForm(world: World, row: ProposalRow): Rehearsal | undefined {
  const body = world.body(row.body_seq);
  const { rehearsal } = row;
  if (body === undefined || rehearsal === null || rehearsal.lease_id === null) return undefined;
  const asked =
    'change_set' in body ? askedBySubmission(body) : 'capability' in body ? askedByRequest(body) : undefined;
  if (asked === undefined) return undefined;
  const found = findInForce(world, asked.capability);
  const source = world.row('sources', row.source_id);
  if (!found.ok || source === undefined) return undefined;
  const { capability, subject } = found.inForce;
  const version = capability.proposal?.conflict_guard?.column;
  if (version === undefined) return undefined;
  const { tenant_key, primary_key, schema, table } = subject;
  const scope = asked.principalScope ?? scopeOf(found.inForce, asked.principal);
  return {
    rehearsal_id: rehearsalIdOf(row.proposal_id, rehearsal.number),
    proposal_id: row.proposal_id,
    lease_id: rehearsal.lease_id,
    expires_at: new Date(rehearsal.until).toISOString(),
    source_id: row.source_id,
    engine: source.engine,
    agent: row.proposer_id,
    target: {
      schema,
      table,
      primary_key: { column: primary_key, value: asked.objectId },
      tenant_guard: { column: tenant_key, value: asked.tenantId },
      ...(scope === undefined ? {} : { principal_scope: scope }),
    },
    visible_columns: capability.visible_fields,
    version_column: version,
    allowed_columns: capability.proposal?.allowed_fields ?? [],
    patch: asked.patch,
  };
}

type Asked = Pick<Rehearsal, 'patch'> & {
  readonly capability: string;
  readonly objectId: Rehearsal['target']['primary_key']['value'];
  readonly tenantId: string;
  readonly principal: string;
  readonly principalScope?: PrincipalScope;
};
type PrincipalScope = Rehearsal['target']['principal_scope'];

/** As the change set will have it: a runner must not look at rows that the write could not reach. */
function scopeOf({ subject, context }: InForce, principal: string): PrincipalScope {
  if (subject.principal_scope_key === undefined) return undefined;
  const scope = {
    schema_version: 'synapsor.principal-scope.v1' as const,
    column: subject.principal_scope_key,
    binding: context.principal_binding ?? 'principal',
    provider: 'cloud_session' as const,
    value: principal,
  };
  return { ...scope, value_fingerprint: digest(scope) };
}

function askedByRequest({ capability, object_id, tenant_id, principal, patch }: ProposalRequest): Asked {
  return { capability, objectId: object_id, tenantId: tenant_id, principal, patch };
}

function askedBySubmission({ change_set }: Submission): Asked | undefined {
  const looked = rehearsable(change_set);
  if (looked === undefined) return undefined;
  const { action, source, scope, principal, guards, patch } = looked;
  return {
    capability: action,
    objectId: source.primary_key.value,
    tenantId: scope.tenant_id,
    principal: principal.id,
    principalScope: guards.principal_scope,
    patch,
  };
}
