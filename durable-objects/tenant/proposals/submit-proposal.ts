import { digest } from '@countersign/protocol/canonical-json';
import type { ChangeSet } from '@countersign/protocol/change-set';
import { engineOf } from '@countersign/protocol/change-set/engine';
import type { AgentChangeSet } from '@countersign/protocol/change-set/guarded-update';
import { checkFit } from '@countersign/protocol/contract/check-fit';
import { mintId, sequenceOfId } from '@countersign/protocol/ids';
import type { Refusal } from '@countersign/protocol/problem';
import { EXPIRY_SECONDS } from '@countersign/protocol/proposal-requests';
import { coversSource } from '../access/authorize.ts';
import type { Identity } from '../access/identity.ts';
import { type FoundInForce, findInForce } from '../contracts/in-force.ts';
import { keptOutNameIn } from '../contracts/kept-out-names.ts';
import type { ProposalRow } from '../schema.ts';
import type { Submission } from '../turn/body.ts';
import type { AskOf } from '../turn/command.ts';
import { type Outcome, unchanged } from '../turn/outcome.ts';
import { answer, refuse } from '../turn/reply.ts';
import type { World } from '../turn/world.ts';
import { approvedByPolicy } from './approve-by-policy.ts';
import { checkRevert } from './check-revert.ts';
import { agentOf, factsOf, govern, mayStandForPeople } from './govern.ts';
import { combineRequirements, type Requirement } from './requirement.ts';

type Rest = Pick<
  Submission,
  'source_id' | 'runner_id' | 'contract' | 'reason' | 'evidence_metadata' | 'query_audit' | 'traceparent'
>;

/** An agent proposes: the tenant fills in what only it can know. */
export function propose(
  world: World,
  { request, traceparent }: AskOf<'propose'>,
  identity: Identity,
  now: number,
): Outcome {
  const { source_id, change_set, contract, reason, evidence_metadata, query_audit } = request;
  const expiresAt = now + (request.expires_in_seconds ?? EXPIRY_SECONDS.usual) * 1_000;
  const rest = {
    source_id,
    runner_id: null,
    contract: contract ?? null,
    reason: reason ?? null,
    evidence_metadata: evidence_metadata ?? null,
    query_audit: query_audit ?? null,
    ...(traceparent === undefined ? {} : { traceparent }),
  };
  return enter(world, identity, complete(world, change_set, identity, now), rest, expiresAt, now);
}

/** A runner in the customer's network submits a complete change set (PROTOCOL 3.10). */
export function submit(
  world: World,
  { request, traceparent }: AskOf<'submit'>,
  identity: Identity,
  now: number,
): Outcome {
  const { source_id, runner_id, change_set, contract, evidence_metadata, query_audit } = request;
  const rest = {
    source_id,
    runner_id,
    contract,
    reason: null,
    evidence_metadata: evidence_metadata ?? null,
    query_audit: query_audit ?? null,
    ...(traceparent === undefined ? {} : { traceparent }),
  };
  return enter(world, identity, sealed(change_set), rest, now + EXPIRY_SECONDS.usual * 1_000, now);
}

/** A complete change set, and the digest of everything in it but its own `integrity`. */
interface Sealed {
  readonly changeSet: ChangeSet;
  readonly contentDigest: string;
}

function complete(world: World, sent: AgentChangeSet, identity: Identity, now: number): Sealed {
  const { integrity, ...given } = sent;
  const content = {
    ...given,
    proposal_id: sent.proposal_id ?? mintId('wrp', { at: now, seq: world.nextSeq, tenant: world.tenant }),
    principal: sent.principal ?? { id: identity.name, source: 'cloud_session' as const },
    evidence: sent.evidence ?? { bundle_id: 'none', query_fingerprint: 'none', items: [] },
    created_at: sent.created_at ?? new Date(now).toISOString(),
  };
  const contentDigest = digest(content);
  return {
    changeSet: { ...content, integrity: integrity ?? { proposal_hash: contentDigest } },
    contentDigest,
  };
}

/** A runner's `proposal_hash` is its own affair (PROTOCOL 3.1), so what was really sent is digested here. */
function sealed(changeSet: ChangeSet): Sealed {
  const { integrity: _, ...content } = changeSet;
  return { changeSet, contentDigest: digest(content) };
}

function enter(
  world: World,
  identity: Identity,
  { changeSet, contentDigest }: Sealed,
  rest: Rest,
  expiresAt: number,
  now: number,
): Outcome {
  const refused = refusalOfSource(world, identity, changeSet, rest.source_id);
  if (refused !== undefined) return unchanged(refused);
  const id = changeSet.proposal_id;
  const standing = world.proposal(id);
  if (standing !== undefined) return unchanged(resubmitted(standing, changeSet, identity));
  const minted = sequenceOfId('wrp', id, world.tenant);
  if (minted !== undefined && minted !== world.nextSeq) {
    return unchanged(
      refuse(
        'validation_failed',
        '$.change_set.proposal_id: ids of this form are made here',
        'leave it away',
      ),
    );
  }
  const fitting = fits(world, changeSet, rest, identity);
  if (!fitting.ok) return unchanged({ ok: false, refusal: fitting.refusal });
  const { inForce } = fitting;
  const { evidence, approval: asked, writeback } = changeSet;
  const open = [evidence, asked, writeback, rest.evidence_metadata, rest.query_audit];
  const keptOut = keptOutNameIn(inForce.capability, open);
  if (keptOut !== undefined)
    return unchanged(
      refuse('outside_contract', `the contract keeps the field ${keptOut} out`, 'leave it away'),
    );
  const { reason, source_id } = rest;
  const proposer = { agent: agentOf(identity), args: {}, reason, sourceId: source_id, rehearsal: 'none' };
  const governed = govern(world, inForce, factsOf(inForce, changeSet, proposer, now));
  if (governed.kind === 'refused') {
    const { message, next } = governed.cause;
    return unchanged(refuse('refused_by_policy', message, next));
  }
  const { proposal_hash } = changeSet.integrity;
  const contract = inForce.reference;
  const effect = { source_id, contract, proposal_hash, content_digest: contentDigest, expires_at: expiresAt };
  const body: Submission = {
    ...rest,
    contract,
    proposal_id: id,
    proposal_version: 1,
    change_set: changeSet,
    effect_digest: digest(effect),
    expires_at: expiresAt,
    requirements: combineRequirements(governed.requirements, askedIn(changeSet)),
    cause: governed.kind === 'review' ? governed.cause : null,
  };
  const entry = { type: 'proposal.submitted', actor: identity.actor, subject: id, body } as const;
  // Where whoever made it wants more people than one, no policy stands for them.
  const isOneEnough = askedIn(changeSet).every(({ role, approvals }) => role === null && approvals <= 1);
  const stands = isOneEnough && mayStandForPeople(changeSet);
  const approval = governed.kind === 'approved' && stands ? approvedByPolicy(body, governed) : undefined;
  return {
    reply: submitted(id, world.nextSeq, body, approval !== undefined, now),
    entries: approval === undefined ? [entry] : [entry, approval],
  };
}

function refusalOfSource(world: World, identity: Identity, changeSet: ChangeSet, sourceId: string) {
  if (!coversSource(identity, sourceId))
    return refuse('source_not_permitted', `this token does not cover the source ${sourceId}`);
  const source = world.row('sources', sourceId);
  if (source === undefined) return refuse('source_unknown', `there is no source ${sourceId} here`);
  const engine = engineOf(changeSet.source.kind);
  if (engine === undefined || engine === source.engine) return undefined;
  return refuse('validation_failed', `$.change_set.source.kind: the source is ${source.engine}`);
}

/** What whoever made the change set asks for, besides the contract: it can only ask for more. */
function askedIn({ approval }: ChangeSet): Requirement[] {
  const { required_approvals, required_role } = approval;
  if (required_approvals === undefined && required_role === undefined) return [];
  return [{ role: required_role ?? null, approvals: required_approvals ?? 1 }];
}

/** Whether the contract in force allows this change; by whichever way it came. */
function fits(
  world: World,
  changeSet: ChangeSet,
  { contract, source_id }: Pick<Rest, 'contract' | 'source_id'>,
  identity: Identity,
): FoundInForce {
  if ('capabilities' in identity && identity.capabilities?.includes(changeSet.action) === false) {
    return refusedAs('capability_unknown', `this credential may not propose ${changeSet.action}`);
  }
  const found = findInForce(world, changeSet.action);
  if (!found.ok) return found;
  const { inForce } = found;
  const { reference } = inForce;
  if (contract !== null && contract.digest !== reference.digest) {
    return refusedAs('contract_not_active', 'the contract that this names is not the one in force');
  }
  if (contract !== null && contract.contract_version_id !== reference.contract_version_id) {
    return refusedAs('contract_digest_mismatch', 'the version that this names has another digest');
  }
  const unfounded = checkBindings(identity, changeSet) ?? checkRevert(world, changeSet, source_id);
  const refusal = checkFit(inForce.contract, reference, changeSet) ?? unfounded;
  return refusal === undefined ? found : { ok: false, refusal };
}

/** Tenant and principal of a credential that has them are its own, whatever it says. */
function checkBindings(identity: Identity, { scope, principal }: ChangeSet): Refusal | undefined {
  if (identity.kind !== 'agent' && identity.kind !== 'service') return undefined;
  const { tenant_id, principal: bound } = identity.bindings;
  if (tenant_id !== undefined && tenant_id !== scope.tenant_id) {
    return { code: 'hidden_binding', message: 'the tenant of this credential is another one' };
  }
  if (bound !== undefined && bound !== principal.id) {
    return { code: 'hidden_binding', message: 'the principal of this credential is another one' };
  }
  return undefined;
}

function refusedAs(code: Refusal['code'], message: string): FoundInForce {
  return { ok: false, refusal: { code, message, next: 'propose under the version in force' } };
}

function submitted(id: string, seq: number, body: Submission, isApproved: boolean, now: number) {
  return answer(
    {
      ok: true,
      proposal_id: id,
      status: isApproved ? 'approved' : 'pending_review',
      proposal_version: 1,
      effect_digest: body.effect_digest,
      proposal_hash: body.change_set.integrity.proposal_hash,
      created_at: new Date(now).toISOString(),
      expires_at: new Date(body.expires_at).toISOString(),
      ledger_seq: seq,
      source_database_mutated: false,
    },
    201,
  );
}

/** The id is the natural key: the same proposal again is an answer, another one under its id is refused. */
function resubmitted(row: ProposalRow, { integrity }: ChangeSet, identity: Identity) {
  if (row.proposal_hash !== integrity.proposal_hash || !isProposer(row, identity)) {
    return refuse(
      'proposal_hash_mismatch',
      `another proposal already has the id ${row.proposal_id}`,
      'send it under a new id',
    );
  }
  return answer({
    ok: true,
    proposal_id: row.proposal_id,
    status: row.state,
    effect_digest: row.effect_digest,
    proposal_hash: row.proposal_hash,
    created_at: new Date(row.created_at).toISOString(),
    expires_at: new Date(row.expires_at).toISOString(),
    ledger_seq: row.seq,
    source_database_mutated: row.state === 'applied',
  });
}

/** A runner's token may have been rotated since; an agent speaks for itself only. */
function isProposer(row: ProposalRow, { actor }: Identity): boolean {
  return row.proposer_kind === actor.kind && (actor.kind === 'runner' || row.proposer_id === actor.id);
}
