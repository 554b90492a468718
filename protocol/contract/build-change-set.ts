import { digest } from '../canonical-json.ts';
import type { Engine } from '../change-set/engine.ts';
import type { GuardedUpdate } from '../change-set/guarded-update.ts';
import type { Scalar } from '../values.ts';
import type { ContractReference } from '../writeback-job.ts';
import type { Row } from './build-patch.ts';
import type { AgentContract, Capability } from './contract-document.ts';
import { own } from './own.ts';
import type { ResolvedSubject } from './subject-of.ts';

export interface ChangeSetParts {
  readonly contract: AgentContract;
  readonly reference: ContractReference;
  /** One for which `whyNotProposable` has nothing to say. */
  readonly capability: Capability;
  readonly subject: ResolvedSubject;
  /** Where the contract names no source. */
  readonly sourceId: string;
  /** Of the source: a contract need not name it. */
  readonly engine: Engine;
  /** The value of the lookup argument. */
  readonly objectId: Scalar;
  readonly tenantId: string;
  readonly principal: GuardedUpdate['principal'];
  /** The row as a runner read it. What is not visible is left out here, whoever sent it. */
  readonly before: Readonly<Row>;
  readonly version: Scalar;
  readonly patch: Readonly<Row>;
  readonly proposalId: string;
  readonly proposalVersion: number;
  /** RFC 3339. */
  readonly createdAt: string;
  readonly requirement: { readonly role: string | null; readonly approvals: number };
}

/** The visible fields that a row does not show: without them there is no exact change to review. */
export function missingFields({ visible_fields }: Capability, row: Readonly<Row>): string[] {
  return visible_fields.filter((field) => !Object.hasOwn(row, field));
}

/** The complete change set of a proposal by capability, hash included. */
export function buildChangeSet(parts: ChangeSetParts): GuardedUpdate {
  const { contract, reference, capability, subject, objectId, tenantId, patch } = parts;
  const before = visibleOf(capability, parts.before);
  const content = {
    schema_version: 'synapsor.change-set.v1' as const,
    proposal_id: parts.proposalId,
    proposal_version: parts.proposalVersion,
    action: capability.name,
    contract: {
      digest: reference.digest,
      version: contract.metadata?.version ?? contract.spec_version,
    },
    mode: 'review_required' as const,
    principal: parts.principal,
    scope: { tenant_id: tenantId, business_object: subject.table, object_id: String(objectId) },
    source: {
      kind: parts.engine === 'mysql' ? ('external_mysql' as const) : ('external_postgres' as const),
      source_id: capability.source ?? parts.sourceId,
      schema: subject.schema,
      table: subject.table,
      primary_key: { column: subject.primary_key, value: objectId },
    },
    before,
    patch: { ...patch },
    after: { ...before, ...patch },
    guards: guardsOf(parts),
    evidence: { bundle_id: 'none', query_fingerprint: 'none', items: [] },
    approval: approvalOf(parts),
    writeback: {
      status: 'not_applied',
      mode: 'trusted_worker_required' as const,
      executor: 'sql_update',
    },
    source_database_mutated: false as const,
    created_at: parts.createdAt,
  };
  return { ...content, integrity: { proposal_hash: digest(content) } };
}

function visibleOf({ visible_fields }: Capability, row: Readonly<Row>): Row {
  const shown = visible_fields.flatMap((field) => {
    const value = own(row, field);
    return value === undefined ? [] : [[field, value] as const];
  });
  return Object.fromEntries(shown);
}

function approvalOf({ capability, requirement }: ChangeSetParts): GuardedUpdate['approval'] {
  return {
    status: 'pending',
    mode: capability.proposal?.approval?.mode ?? 'human',
    ...(requirement.role === null ? {} : { required_role: requirement.role }),
    ...(requirement.approvals < 1 ? {} : { required_approvals: requirement.approvals }),
  };
}

function guardsOf(parts: ChangeSetParts): GuardedUpdate['guards'] {
  const { capability, subject, tenantId, version } = parts;
  const scope = principalScopeOf(parts);
  return {
    tenant: { column: subject.tenant_key, value: tenantId },
    ...(scope === undefined ? {} : { principal_scope: scope }),
    allowed_columns: [...(capability.proposal?.allowed_fields ?? [])],
    // A proposal without a guard column does not parse.
    expected_version: { column: capability.proposal?.conflict_guard?.column ?? '', value: version },
  };
}

function principalScopeOf(parts: ChangeSetParts): GuardedUpdate['guards']['principal_scope'] {
  const { contract, capability, subject, principal } = parts;
  if (subject.principal_scope_key === undefined) return undefined;
  const context = contract.contexts.find(({ name }) => name === capability.context);
  const scope = {
    schema_version: 'synapsor.principal-scope.v1' as const,
    column: subject.principal_scope_key,
    binding: context?.principal_binding ?? 'principal',
    provider: 'cloud_session' as const,
    value: principal.id,
  };
  return { ...scope, value_fingerprint: digest(scope) };
}
