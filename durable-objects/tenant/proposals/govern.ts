import type { ChangeSet } from '@countersign/protocol/change-set';
import { operationOf } from '@countersign/protocol/change-set/operation';
import { writtenRows } from '@countersign/protocol/change-set/written-rows';
import type { ContractReference } from '@countersign/protocol/writeback-job';
import type { Identity } from '../access/identity.ts';
import type { InForce } from '../contracts/in-force.ts';
import { contractPolicyOf } from '../policies/contract-policy-of.ts';
import { judgeRows } from '../policies/judge-rows.ts';
import { policiesInForce } from '../policies/policies-in-force.ts';
import type { PolicyFacts, Row } from '../policies/policy-facts.ts';
import type { Counted } from '../turn/event.ts';
import type { World } from '../turn/world.ts';
import type { Cause } from './cause.ts';
import { combineRequirements, type Requirement, requirementOf } from './requirement.ts';

/** What the law of a project says to a change: who must approve, or that a policy has decided already. */
export type Governed =
  | { readonly kind: 'refused'; readonly cause: Cause }
  | { readonly kind: 'review'; readonly requirements: readonly Requirement[]; readonly cause: Cause | null }
  | {
      readonly kind: 'approved';
      readonly requirements: readonly Requirement[];
      readonly policy: string;
      readonly counted: readonly Counted[];
    };

/**
 * Judges a change by the policies in force. They can always refuse it and ask for more people than the contract does;
 * they can approve it only where the contract leaves the decision to a policy.
 */
export function govern(world: World, inForce: InForce, rows: readonly PolicyFacts[]): Governed {
  const { capability } = inForce;
  const approval = capability.proposal?.approval;
  const asked = [requirementOf(capability)];
  const own = approval?.mode === 'policy' ? contractPolicyOf(inForce) : undefined;
  const policies = [...policiesInForce(world, inForce), ...(own === undefined ? [] : [own])];
  const judgement = judgeRows(policies, rows, (key) => world.row('counters', key));
  switch (judgement.kind) {
    case 'refuse':
      return { kind: 'refused', cause: refusedBy(judgement.policy, judgement.message) };
    case 'ask':
      return {
        kind: 'review',
        requirements: combineRequirements(asked, judgement.requirements),
        cause: causeOf(judgement.because),
      };
    case 'approve':
      // A policy stands for one approval, never for several.
      if (approval?.mode !== 'policy' || (approval.required_approvals ?? 1) > 1)
        return { kind: 'review', requirements: combineRequirements(asked), cause: null };
      return {
        kind: 'approved',
        requirements: combineRequirements(asked),
        policy: judgement.policy,
        counted: judgement.counts,
      };
    case 'default':
      return {
        kind: 'review',
        requirements: combineRequirements(asked),
        cause: causeOf(judgement.because),
      };
  }
}

function refusedBy(policy: string, message: string): Cause {
  return { by: `policy:${policy}`, message, code: 'refused_by_policy', next: message };
}

function causeOf(because: readonly { readonly policy: string; readonly why: string }[]): Cause | null {
  const [first] = because;
  if (first === undefined) return null;
  return {
    by: `policy:${first.policy}`,
    message: because
      .map(({ why }) => why)
      .join('; ')
      .slice(0, 1_000),
  };
}

interface Proposer {
  readonly agent: { readonly id: string; readonly name: string };
  readonly args: Row;
  readonly reason: string | null;
  readonly sourceId: string;
  readonly rehearsal: string;
}

/** The facts of a complete change, those of every row that it writes apart. */
export function factsOf(
  {
    contract,
    label,
    reference,
  }: Pick<InForce, 'contract' | 'label'> & { readonly reference: ContractReference },
  changeSet: ChangeSet,
  { agent, args, reason, sourceId, rehearsal }: Proposer,
  now: number,
): readonly PolicyFacts[] {
  const { principal, scope } = changeSet;
  const rows = writtenRows(changeSet);
  return rows.map(({ key, before, after, patch }) => ({
    capability: changeSet.action,
    operation: operationOf(changeSet),
    row_count: rows.length,
    args,
    before,
    after,
    patch,
    agent,
    principal: principal.id,
    tenant_id: scope.tenant_id,
    object_id: rows.length === 1 ? scope.object_id : String(key),
    source_id: sourceId,
    contract: {
      name: contract.metadata?.name ?? reference.contract_id,
      version: label,
      digest: reference.digest,
    },
    rehearsal: { status: rehearsal },
    reason,
    now,
  }));
}

/**
 * Whether a policy may stand for people: for one row that is set or made. What is removed, what is taken back, what may be
 * taken back, and many rows at once are looked at.
 */
export function mayStandForPeople(changeSet: ChangeSet): boolean {
  if (changeSet.schema_version === 'synapsor.change-set.v1') return true;
  if (!('operation' in changeSet) || 'frozen_set' in changeSet) return false;
  return changeSet.operation !== 'single_row_delete' && changeSet.reversibility === undefined;
}

export function agentOf({ actor, name }: Identity): { readonly id: string; readonly name: string } {
  return { id: actor.id, name };
}
