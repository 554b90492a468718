import type { ActionOutcome } from '@countersign/protocol/action/action-job';
import { providers } from '@countersign/protocol/action/providers';
import { digest } from '@countersign/protocol/canonical-json';
import type { Refusal } from '@countersign/protocol/problem';
import type { Identity } from '../access/identity.ts';
import type { ActionRow } from '../actions-schema.ts';
import type { AskOf } from '../turn/command.ts';
import type { Draft } from '../turn/event.ts';
import { type Outcome, unchanged } from '../turn/outcome.ts';
import { answer, type Reply, refuse } from '../turn/reply.ts';
import type { World } from '../turn/world.ts';
import { actionSubject } from './action-subject.ts';
import { findActionOf, refusalOfActionClaim } from './held-claim.ts';
import { afterOutcome } from './target-rest.ts';

const FIRST_REST_MS = 2_000;
const LONGEST_REST_MS = 3_600_000;

/** What a worker says when nothing that it may do would tell. */
const CANNOT_TELL = 'outcome_unknown';

/** A worker says how its attempt ended. Said again it is the same answer; said otherwise it is refused. */
export function confirmAction(
  world: World,
  { actionId, request }: AskOf<'confirm-action'>,
  identity: Identity,
  now: number,
): Outcome {
  const found = findActionOf(world, actionId, identity);
  if (!found.ok) return unchanged(found);
  const { row } = found;
  const { claim_id, runner_id, result } = request;
  const before = row.told.find(
    (one) =>
      one.is_accepted &&
      one.claim_id === claim_id &&
      one.credential === identity.actor.id &&
      one.runner_id === runner_id,
  );
  if (before !== undefined) {
    if (before.digest === digest(result)) return unchanged(confirmed(row, row.tip_seq));
    const message = 'this claim has ended otherwise already';
    return unchanged(refuse('confirm_differs', message, 'a person must look at the provider'));
  }
  const refusal = refusalOfActionClaim(world, row, request, identity, now);
  if (refusal !== undefined) return late(row, request, refusal, identity, now);
  const becomes = stateAfter(row, result);
  const not_before = becomes === 'queued' ? now + restOf(row, result) : null;
  const body = { claim_id, attempt: row.attempt, runner_id, result, becomes, not_before };
  const subject = actionSubject(actionId);
  return {
    reply: confirmed({ ...row, state: becomes }, world.nextSeq),
    entries: [
      { type: 'action.confirmed', actor: identity.actor, subject, body },
      ...afterOutcome(world, row, result, now),
    ],
  };
}

function stateAfter(
  { charged, most_attempts, provider }: ActionRow,
  { code, outcome }: ActionOutcome,
): 'succeeded' | 'failed' | 'unknown' | 'queued' | 'dead_letter' {
  const isLast = charged + 1 >= most_attempts;
  if (outcome === 'retry') return isLast ? 'dead_letter' : 'queued';
  if (outcome !== 'unknown') return outcome;
  // The next attempt repeats the key or asks the provider, and so finds out; unless its worker has tried that.
  const canFindOut = providers[provider].settlesItself && code !== CANNOT_TELL;
  return canFindOut && !isLast ? 'queued' : 'unknown';
}

/** Ever longer, and never shorter than the provider asked for. */
function restOf({ charged }: ActionRow, result: ActionOutcome): number {
  const asked = result.outcome === 'retry' ? (result.retry_after_ms ?? 0) : 0;
  return Math.max(asked, Math.min(FIRST_REST_MS * 2 ** charged, LONGEST_REST_MS));
}

/**
 * What comes too late is not believed, and not lost: it is evidence for whoever settles the action. Once for each claim,
 * so that nobody fills the ledger with it.
 */
function late(
  row: ActionRow,
  { claim_id, runner_id, result }: AskOf<'confirm-action'>['request'],
  refusal: Refusal,
  { actor }: Identity,
  now: number,
): Outcome {
  const { code } = refusal;
  const reply = { ok: false, refusal } as const;
  const isKnown = row.told.some((one) => one.claim_id === claim_id);
  if (code !== 'claim_expired' || isKnown) return unchanged(reply);
  const body = { claim_id, runner_id, result, at: now, code };
  const entry: Draft = { type: 'action.confirm_refused', actor, subject: actionSubject(row.action_id), body };
  return { reply, entries: [entry] };
}

function confirmed({ action_id, state }: ActionRow, seq: number): Reply {
  return answer({ ok: true, action_id, status: state, ledger_seq: seq });
}
