import { digest } from '@countersign/protocol/canonical-json';
import { type AgentChangeSet, type ChangeSet, engineOf } from '@countersign/protocol/change-set';
import { mintId, sequenceOfId } from '@countersign/protocol/ids';
import { EXPIRY_SECONDS } from '@countersign/protocol/proposal-requests';
import { coversSource } from '../access/authorize.ts';
import type { Identity } from '../access/identity.ts';
import type { ProposalRow } from '../schema.ts';
import type { AskOf } from '../turn/command.ts';
import type { Submission } from '../turn/event.ts';
import { type Outcome, unchanged } from '../turn/outcome.ts';
import { answer, refuse } from '../turn/reply.ts';
import type { World } from '../turn/world.ts';

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
  const source = world.source(rest.source_id);
  if (!coversSource(identity, rest.source_id)) {
    return unchanged(
      refuse('source_not_permitted', `this token does not cover the source ${rest.source_id}`),
    );
  }
  if (source === undefined)
    return unchanged(refuse('source_unknown', `there is no source ${rest.source_id} here`));
  const engine = engineOf(changeSet.source.kind);
  if (engine !== undefined && engine !== source.engine) {
    return unchanged(refuse('validation_failed', `$.change_set.source.kind: the source is ${source.engine}`));
  }
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
  const { proposal_hash } = changeSet.integrity;
  const effect = {
    source_id: rest.source_id,
    contract: rest.contract,
    proposal_hash,
    content_digest: contentDigest,
    expires_at: expiresAt,
  };
  const body: Submission = {
    ...rest,
    proposal_id: id,
    change_set: changeSet,
    effect_digest: digest(effect),
    expires_at: expiresAt,
  };
  const entry = { type: 'proposal.submitted', actor: identity.actor, subject: id, body } as const;
  return { reply: submitted(id, world.nextSeq, body, now), entries: [entry] };
}

function submitted(id: string, seq: number, body: Submission, now: number) {
  return answer(
    {
      ok: true,
      proposal_id: id,
      status: 'pending_review',
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
