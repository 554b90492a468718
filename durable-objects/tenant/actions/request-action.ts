import { createHash } from 'node:crypto';
import { USUAL_ATTEMPTS } from '@countersign/protocol/action/action-contract';
import type { RequestAction } from '@countersign/protocol/action/action-requests';
import { buildInput } from '@countersign/protocol/action/build-input';
import { canonicalJson, digest } from '@countersign/protocol/canonical-json';
import { bindArguments } from '@countersign/protocol/contract/bind-arguments';
import { own } from '@countersign/protocol/contract/own';
import { mintId } from '@countersign/protocol/ids';
import type { Refusal } from '@countersign/protocol/problem';
import { EXPIRY_SECONDS } from '@countersign/protocol/proposal-requests';
import type { Identity } from '../access/identity.ts';
import { refusedAttempt } from '../credentials/refused-attempt.ts';
import { isUndecided } from '../proposals/lane.ts';
import { MOST_TIED } from '../proposals/tied-action.ts';
import { placeInRun } from '../runs/place-in-run.ts';
import type { ProposalRow } from '../schema.ts';
import type { AskOf } from '../turn/command.ts';
import type { Draft } from '../turn/event.ts';
import { type Outcome, unchanged } from '../turn/outcome.ts';
import { answer, type Reply, refuse } from '../turn/reply.ts';
import type { World } from '../turn/world.ts';
import type { ActionRequested, LikelyDone } from './action-body.ts';
import { actionSubject } from './action-subject.ts';
import { type ActionInForce, findAction } from './find-action.ts';
import { type GovernedAction, governAction } from './govern-action.ts';
import { turnIn } from './turn-in.ts';

/** Characters. A reviewer has to be able to read it. */
const LARGEST_INTENT = 100_000;

/** An agent intends an effect. It is written down before anything else, and waits for whoever must let it go. */
export function requestAction(
  world: World,
  { request, traceparent }: AskOf<'request-action'>,
  identity: Identity,
  now: number,
): Outcome {
  const found = findAction(world, request.action);
  if (!found.ok) return unchanged(found);
  if (identity.kind !== 'agent') return unchanged(refuse('forbidden', 'only agents ask for actions'));
  if (identity.capabilities !== null && !identity.capabilities.includes(request.action)) {
    return unchanged(refuse('action_unknown', `this credential may not ask for ${request.action}`));
  }
  const made = intentOf(world, found.inForce, request, identity, now);
  if (!made.ok) {
    const reply = { ok: false, refusal: made.refusal } as const;
    const { hidden = [] } = made;
    if (hidden.length === 0) return unchanged(reply);
    const attempt = { capability: request.action, code: made.refusal.code, hidden };
    return { reply, entries: refusedAttempt(world, attempt, identity, now) };
  }
  const proposal = request.after === undefined ? undefined : world.proposal(request.after.proposal_id);
  const untied = refusalOfTie(request, proposal, identity);
  if (untied !== undefined) return unchanged(untied);
  const { intent } = made;
  const governed = governAction(world, found.inForce, intent, identity, now);
  if (governed.kind === 'refused') {
    const { code = 'refused_by_policy', message, next } = governed.cause;
    return unchanged(refuse(code, message, next));
  }
  const thing = { kind: 'action', id: intent.action_id, title: request.action } as const;
  const placed = placeInRun(world, request.run, thing, identity, now);
  if (!placed.ok) return unchanged(placed);
  const intended = requestedBody(world, intent, governed, traceparent);
  const body = placed.inRun === null ? intended : { ...intended, in_run: placed.inRun };
  const entries: Draft[] = [
    { type: 'action.requested', actor: identity.actor, subject: actionSubject(body.action_id), body },
    ...placed.entries,
  ];
  if (proposal !== undefined) {
    const decided_digest = body.decided_with === null ? null : body.effect_digest;
    const tied = { action_id: body.action_id, decided_digest };
    entries.push({
      type: 'proposal.tied',
      actor: identity.actor,
      subject: proposal.proposal_id,
      body: tied,
    });
  }
  return { reply: requested(body, world.nextSeq, now), entries };
}

type Intent = Omit<
  ActionRequested,
  'state' | 'turn' | 'likely_done' | 'requirements' | 'cause' | 'counted' | 'in_run' | 'traceparent'
>;
type Made =
  | { readonly ok: true; readonly intent: Intent }
  | { readonly ok: false; readonly refusal: Refusal; readonly hidden?: readonly string[] };

/** What the contract in force makes of the arguments, and the credential of who asks. */
function intentOf(
  world: World,
  { action, context, reference }: ActionInForce,
  { args, after, reason, decided_with_proposal, expires_in_seconds }: RequestAction,
  identity: Extract<Identity, { kind: 'runner' | 'agent' | 'service' }>,
  now: number,
): Made {
  const { bindings } = identity;
  const tenantId = own(bindings, context.tenant_binding ?? 'tenant_id');
  const principal = own(bindings, context.principal_binding ?? 'principal');
  const lacks = context.bindings.some(
    ({ name, required }) => required === true && own(bindings, name) === undefined,
  );
  if (tenantId === undefined || principal === undefined || lacks) {
    const message = 'this credential has no tenant and principal to act for';
    return no('hidden_binding', message, 'a new credential with bindings');
  }
  const values = bindArguments(context, action, args, {});
  if (!values.ok) return values;
  const built = buildInput(action, values.values, bindings);
  if (!built.ok) return built;
  const { input } = built;
  const action_id = mintId('act', { at: now, seq: world.nextSeq, tenant: world.tenant });
  const about = { action: action.name, target: action.target, tenant_id: tenantId };
  const intent = {
    action_id,
    action: action.name,
    provider: action.provider,
    target: action.target,
    contract: reference,
    args: values.values,
    input,
    tenant_id: tenantId,
    principal,
    agent: identity.name,
    idempotency_key: idempotencyKey(world.tenant, action_id),
    effect_key: digest({ ...about, keys: keysOf(action.business_key, input) }),
    order_key:
      action.ordered_by === undefined ? null : digest({ ...about, keys: keysOf(action.ordered_by, input) }),
    most_attempts: action.most_attempts ?? USUAL_ATTEMPTS,
    after_proposal: after?.proposal_id ?? null,
    decided_with: decided_with_proposal ? (after?.proposal_id ?? null) : null,
    expires_at: now + (expires_in_seconds ?? EXPIRY_SECONDS.usual) * 1_000,
    reason: reason ?? null,
  };
  if (canonicalJson(intent).length > LARGEST_INTENT) {
    return no('body_too_large', 'what this would send is too large to be reviewed', 'shorter arguments');
  }
  return { ok: true, intent: { ...intent, effect_digest: digest(intent) } };
}

/** Unguessable from outside, the same for every attempt, and of a form that every provider takes. */
function idempotencyKey(tenant: string, actionId: string): string {
  const hash = createHash('sha256').update(`countersign action ${tenant} ${actionId}`).digest('hex');
  return `csk_${hash.slice(0, 32)}`;
}

function keysOf(names: readonly string[], input: ActionRequested['input']): object {
  return Object.fromEntries(names.toSorted().map((name) => [name, own(input, name) ?? null]));
}

/** Why it cannot wait for this proposal. What an agent may not read it may not wait for either. */
function refusalOfTie(
  { after, decided_with_proposal }: RequestAction,
  proposal: ProposalRow | undefined,
  { actor }: Identity,
): Reply | undefined {
  if (after === undefined) {
    if (!decided_with_proposal) return undefined;
    return refuse('validation_failed', '$.decided_with_proposal: there is no proposal to decide it with');
  }
  if (proposal === undefined || proposal.proposer_id !== actor.id) {
    return refuse('proposal_not_found', `you have no proposal ${after.proposal_id}`);
  }
  const isOpen = isUndecided(proposal) || proposal.state === 'approved';
  if (!isOpen || proposal.tied.length >= MOST_TIED) {
    const why = isOpen ? `has ${MOST_TIED} actions already` : `is ${proposal.state}`;
    return refuse('after_unreachable', `the proposal ${why}; nothing was stored`);
  }
  if (decided_with_proposal && proposal.state !== 'pending_review') {
    return refuse(
      'after_unreachable',
      `the proposal is ${proposal.state}, and can no longer, or not yet, be decided with this`,
      'wait until it is pending_review, or leave decided_with_proposal away',
    );
  }
  return undefined;
}

function requestedBody(
  world: World,
  intent: Intent,
  governed: Exclude<GovernedAction, { kind: 'refused' }>,
  traceparent: string | undefined,
): ActionRequested {
  const likely_done = likelyDone(world, intent.effect_key);
  // What is held is looked at by itself: whoever decides it says that it is to happen twice.
  const decided_with = likely_done === null ? intent.decided_with : null;
  const isLetGo = governed.kind === 'let_go' && likely_done === null && decided_with === null;
  const state = likely_done !== null ? 'held' : isLetGo ? 'queued' : 'proposed';
  const isReady = isLetGo && intent.after_proposal === null;
  return {
    ...intent,
    decided_with,
    state,
    turn: isReady ? turnIn(world, intent) : null,
    likely_done,
    requirements: governed.kind === 'review' ? governed.requirements : [{ role: null, approvals: 1 }],
    cause: governed.kind === 'review' ? governed.cause : letGoBy(governed.by),
    counted: isLetGo && governed.kind === 'let_go' ? governed.counted : [],
    ...(traceparent === undefined ? {} : { traceparent }),
  };
}

function letGoBy(policy: string | null) {
  return policy === null ? null : { by: `policy:${policy}`, message: 'its condition holds' };
}

/** The same effect, asked for before and perhaps done. */
function likelyDone(world: World, key: string): LikelyDone | null {
  const [first] = world.row('effects', key)?.actions ?? [];
  const row = first === undefined ? undefined : world.row('actions', first);
  return row === undefined ? null : { action_id: row.action_id, state: row.state };
}

function requested(body: ActionRequested, seq: number, now: number): Reply {
  return answer(
    {
      ok: true,
      action_id: body.action_id,
      status: body.state,
      action: body.action,
      effect_digest: body.effect_digest,
      idempotency_key: body.idempotency_key,
      likely_done: body.likely_done,
      after_proposal: body.after_proposal,
      created_at: new Date(now).toISOString(),
      expires_at: new Date(body.expires_at).toISOString(),
      ledger_seq: seq,
      ...(body.in_run === undefined ? {} : body.in_run),
    },
    201,
  );
}

function no(code: Refusal['code'], message: string, next: string): Made {
  return { ok: false, refusal: { code, message, next } };
}
