import type { ReturnAction } from '@countersign/protocol/action/action-requests';
import { providers } from '@countersign/protocol/action/providers';
import type { Identity } from '../access/identity.ts';
import { coveredBy, freezeOver } from '../freezes/freeze.ts';
import { refuseFrozen } from '../freezes/freeze-view.ts';
import type { AskOf } from '../turn/command.ts';
import { type Outcome, unchanged } from '../turn/outcome.ts';
import { answer, refuse } from '../turn/reply.ts';
import type { World } from '../turn/world.ts';
import { actionSubject } from './action-subject.ts';
import { findHeld } from './held-claim.ts';
import { untried } from './target-rest.ts';

/** The worker begins: from here on, if it is lost, nobody can tell what came of it. */
export function beginAction(
  world: World,
  { actionId, request }: AskOf<'begin-action'>,
  identity: Identity,
  now: number,
): Outcome {
  const held = findHeld(world, actionId, request, identity, now);
  if (!held.ok) return unchanged(held);
  const { row } = held;
  const reply = answer({
    ok: true,
    action_id: actionId,
    claim_id: request.claim_id,
    expires_at: new Date(row.claim_expires_at ?? 0).toISOString(),
    server_time: new Date(now).toISOString(),
  });
  if (row.claim_begun_at !== null) return unchanged(reply);
  const freeze = freezeOver(world, { runner: request.runner_id, ...coveredBy(row) }, now);
  if (freeze !== undefined) return unchanged(refuseFrozen(freeze));
  const body = { claim_id: request.claim_id, attempt: row.attempt };
  return {
    reply,
    entries: [{ type: 'action.begun', actor: identity.actor, subject: actionSubject(actionId), body }],
  };
}

/** Extends a claim. Leaves no entry, and takes back nothing that was promised. */
export function renewAction(
  world: World,
  { actionId, request }: AskOf<'renew-action'>,
  identity: Identity,
  now: number,
): Outcome {
  const held = findHeld(world, actionId, request, identity, now);
  if (!held.ok) return unchanged(held);
  const { row } = held;
  const until = Math.max(now + request.lease_seconds * 1_000, row.claim_expires_at ?? 0);
  return {
    reply: answer({
      ok: true,
      action_id: actionId,
      claim_id: request.claim_id,
      expires_at: new Date(until).toISOString(),
      server_time: new Date(now).toISOString(),
    }),
    entries: [],
    volatile: { renewedAction: { action_id: actionId, claim_expires_at: until } },
  };
}

/** How long it rests, in milliseconds, so that it is not handed out in a tight circle. */
const REST_MS: Record<ReturnAction['reason'], number> = {
  draining: 0,
  not_delivered: 0,
  frozen: 0,
  busy: 1_000,
  not_configured: 60_000,
};

/** A worker that has not begun gives the action back. It costs no attempt. */
export function returnAction(
  world: World,
  { actionId, request }: AskOf<'return-action'>,
  identity: Identity,
  now: number,
): Outcome {
  const held = findHeld(world, actionId, request, identity, now);
  if (!held.ok) return unchanged(held);
  const { row } = held;
  if (row.claim_begun_at !== null && !providers[row.provider].dropsRepeats) {
    const message = 'it has begun, and may have happened';
    return unchanged(refuse('claim_begun', message, 'confirm it, as unknown if need be'));
  }
  const rest = REST_MS[request.reason];
  const not_before = rest === 0 ? null : now + rest;
  const body = { claim_id: request.claim_id, attempt: row.attempt, reason: request.reason, not_before };
  return {
    reply: answer({ ok: true, action_id: actionId, status: 'queued', ledger_seq: world.nextSeq }),
    entries: [
      { type: 'action.returned', actor: identity.actor, subject: actionSubject(actionId), body },
      ...untried(world, row, now),
    ],
  };
}
