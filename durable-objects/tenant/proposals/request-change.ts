import { canonicalJson, digest } from '@countersign/protocol/canonical-json';
import { bindArguments } from '@countersign/protocol/contract/bind-arguments';
import { buildPatch } from '@countersign/protocol/contract/build-patch';
import { own } from '@countersign/protocol/contract/own';
import { whyNotProposable } from '@countersign/protocol/contract/proposable';
import type { RequestChange } from '@countersign/protocol/contract-requests';
import { mintId } from '@countersign/protocol/ids';
import type { Refusal } from '@countersign/protocol/problem';
import { EXPIRY_SECONDS } from '@countersign/protocol/proposal-requests';
import { REHEARSAL_SECONDS } from '@countersign/protocol/rehearsal';
import type { Identity } from '../access/identity.ts';
import { findInForce, type InForce } from '../contracts/in-force.ts';
import { refusedAttempt } from '../credentials/refused-attempt.ts';
import { placeInRun } from '../runs/place-in-run.ts';
import type { ProposalRequest } from '../turn/body.ts';
import type { AskOf } from '../turn/command.ts';
import { type Outcome, unchanged } from '../turn/outcome.ts';
import { answer } from '../turn/reply.ts';
import type { World } from '../turn/world.ts';

/** Who a request is for: from the credential alone. */
interface Bound {
  readonly tenantId: string;
  readonly principal: string;
}

/** Characters. One argument may be written to many columns. */
const LARGEST_INTENT = 200_000;

type Credential = Exclude<Identity, { kind: 'person' } | { kind: 'system' }>;

/**
 * An agent names a capability and its arguments. What the contract allows of it becomes a request, which waits for a
 * runner to rehearse it: only the row can say what would change.
 */
export function requestChange(
  world: World,
  { request, traceparent }: AskOf<'request'>,
  identity: Identity,
  now: number,
): Outcome {
  const made = makeRequest(world, request, identity, now, {
    proposalId: mintId('wrp', { at: now, seq: world.nextSeq, tenant: world.tenant }),
    version: 1,
    traceparent,
  });
  if (!made.ok) return refusedRequest(world, request.capability, made, identity, now);
  const { body: intended } = made;
  const { proposal_id: id, capability: title } = intended;
  const placed = placeInRun(world, request.run, { kind: 'proposal', id, title }, identity, now);
  if (!placed.ok) return unchanged(placed);
  const body = placed.inRun === null ? intended : { ...intended, in_run: placed.inRun };
  return {
    reply: requested(body, world.nextSeq, now),
    entries: [{ type: 'proposal.requested', actor: identity.actor, subject: id, body }, ...placed.entries],
  };
}

/** The answer to a request that stands now. */
export function requested(body: ProposalRequest, seq: number, now: number) {
  return answer(
    {
      ok: true,
      proposal_id: body.proposal_id,
      proposal_version: body.proposal_version,
      status: 'rehearsing',
      capability: body.capability,
      effect_digest: body.effect_digest,
      created_at: new Date(now).toISOString(),
      expires_at: new Date(body.expires_at).toISOString(),
      rehearsed_by: new Date(body.until).toISOString(),
      ledger_seq: seq,
      ...(body.in_run === undefined ? {} : body.in_run),
      source_database_mutated: false,
    },
    201,
  );
}

export type MadeRequest =
  | { readonly ok: true; readonly body: ProposalRequest }
  | { readonly ok: false; readonly refusal: Refusal; readonly hidden?: readonly string[] | undefined };

interface Naming {
  readonly proposalId: string;
  readonly version: number;
  readonly traceparent?: string | undefined;
  /** Unix milliseconds; else what the request says. */
  readonly expiresAt?: number;
}

/** What the contract in force makes of a capability and its arguments. */
export function makeRequest(
  world: World,
  { capability: name, args, reason, expires_in_seconds }: RequestChange,
  identity: Identity,
  now: number,
  { proposalId, version, traceparent, expiresAt }: Naming,
): MadeRequest {
  if (identity.kind !== 'agent' && identity.kind !== 'service') {
    return no('forbidden', 'only agents and services propose by a capability');
  }
  if (identity.capabilities !== null && !identity.capabilities.includes(name)) {
    return no(
      'capability_unknown',
      `this credential may not propose ${name}`,
      'GET /v1/capabilities says what it may',
    );
  }
  const found = findInForce(world, name);
  if (!found.ok) return found;
  const { inForce } = found;
  const { capability, context } = inForce;
  const unable = whyNotProposable(capability);
  if (unable !== undefined) return { ok: false, refusal: unable };
  if ((capability.model_withheld_fields ?? []).length > 0) {
    return no(
      'change_set_unsupported',
      'what a model may not see cannot be withheld yet: an agent reads its proposals',
    );
  }
  if (inForce.subject.principal_scope_key !== undefined) {
    return no('change_set_unsupported', 'rows that belong to one principal cannot be rehearsed yet');
  }
  const bound = boundTo(inForce, identity);
  if (bound === undefined) {
    return no(
      'hidden_binding',
      'this credential has no tenant and principal to propose for',
      'a new credential with bindings',
    );
  }
  const source = sourceOf(world, inForce, identity);
  if (!source.ok) return source;
  const values = bindArguments(context, capability, args, inForce.subject);
  if (!values.ok) return values;
  const patch = buildPatch(capability, values.values);
  if (!patch.ok) return patch;
  const intent = {
    proposal_id: proposalId,
    proposal_version: version,
    source_id: source.sourceId,
    contract: inForce.reference,
    capability: name,
    args: values.values,
    tenant_id: bound.tenantId,
    principal: bound.principal,
    object_id: own(values.values, capability.lookup?.id_from_arg) ?? null,
    patch: patch.patch,
    agent: identity.name,
    reason: reason ?? null,
    expires_at: expiresAt ?? now + (expires_in_seconds ?? EXPIRY_SECONDS.usual) * 1_000,
  };
  if (canonicalJson(intent).length > LARGEST_INTENT) {
    return no('body_too_large', 'what this would write is too large to be reviewed', 'shorter arguments');
  }
  const body = {
    ...intent,
    effect_digest: digest(intent),
    until: now + REHEARSAL_SECONDS * 1_000,
    ...(traceparent === undefined ? {} : { traceparent }),
  };
  return { ok: true, body };
}

/** Bindings of the contract's context, by their names, as the credential has them. */
function boundTo({ context }: InForce, { bindings }: Credential): Bound | undefined {
  const tenantId = own(bindings, context.tenant_binding ?? 'tenant_id');
  const principal = own(bindings, context.principal_binding ?? 'principal');
  const lacks = context.bindings.some(
    ({ name, required }) => required === true && own(bindings, name) === undefined,
  );
  if (tenantId === undefined || principal === undefined || lacks) return undefined;
  return { tenantId, principal };
}

type FoundSource =
  | { readonly ok: true; readonly sourceId: string }
  | { readonly ok: false; readonly refusal: Refusal };

/** The source that the contract names, or the only one that the credential covers. */
function sourceOf(world: World, { capability, subject }: InForce, { sources }: Credential): FoundSource {
  const named = capability.source;
  const [only, ...others] = sources;
  const sourceId =
    named !== undefined && sources.includes(named) ? named : others.length === 0 ? only : undefined;
  if (sourceId === undefined) {
    return no(
      'source_not_permitted',
      `this token does not cover the source ${named ?? ''} of the capability`,
    );
  }
  const source = world.row('sources', sourceId);
  if (source === undefined) return no('source_unknown', `there is no source ${sourceId} here`);
  if (subject.engine !== undefined && subject.engine !== source.engine) {
    return no(
      'outside_contract',
      `the contract is about ${subject.engine}, and the source is ${source.engine}`,
    );
  }
  return { ok: true, sourceId };
}

function no(code: Refusal['code'], message: string, next?: string) {
  return { ok: false, refusal: { code, message, ...(next === undefined ? {} : { next }) } } as const;
}

/** A refusal; one that tried to set what only the credential may is recorded. */
export function refusedRequest(
  world: World,
  capability: string,
  { refusal, hidden }: Extract<MadeRequest, { ok: false }>,
  identity: Identity,
  now: number,
): Outcome {
  const reply = { ok: false, refusal } as const;
  if (hidden === undefined || hidden.length === 0) return unchanged(reply);
  return { reply, entries: refusedAttempt(world, { capability, code: refusal.code, hidden }, identity, now) };
}
