import type { ActionState } from '@countersign/protocol/action/action-requests';
import { done, type Expected, refused } from '../proposal.ts';
import { type Action, hasEnded, isUndecided, isUnderWay, law, type Wish } from './action.ts';
import type { Taken } from './taken.ts';

/** What a decision says of the action that it means; `none` is only for those that say no. */
export type Digest = 'right' | 'other' | 'none';

const withoutEffect: readonly ActionState[] = ['failed', 'rejected', 'canceled', 'expired'];

/** The rules from an intent to the moment when a worker may have it. */
export abstract class Intents {
  now = 0;
  readonly actions: Action[] = [];
  protected readonly taken: Taken;
  #turns = 0;
  #standings = 0;
  /** Whose turn it is, by order. */
  readonly #holders = new Map<string, Action>();
  constructor(taken: Taken) {
    this.taken = taken;
  }

  request(wish: Wish, lifetime: number): Action {
    const likelyDone = this.#likelyDone(wish.effect);
    const { isAsked } = law[wish.kind];
    const action: Action = {
      ...wish,
      place: this.actions.length,
      id: '',
      digest: '',
      key: '',
      state: likelyDone === null ? 'proposed' : 'held',
      expiresAt: this.now + lifetime,
      likelyDone,
      rejectedBy: null,
      turn: 0,
      standing: null,
      restsUntil: null,
      claim: null,
      attempts: 0,
      charged: 0,
      doubtSince: null,
      accepted: null,
      late: null,
      entries: [],
      diedAt: 0,
    };
    this.actions.push(action);
    if (likelyDone === null) this.#stand(action);
    if (likelyDone === null && !isAsked) this.#goOn(action, 'action.requested');
    else this.become(action, action.state, 'action.requested');
    return action;
  }

  decide(action: Action, who: string, verdict: 'approved' | 'rejected', digest: Digest): Expected {
    if (digest === 'other') return refused('decision_outdated');
    if (!isUndecided(action)) return afterwards(action, who, verdict);
    if (verdict === 'approved') {
      this.#goOn(action, 'action.approved');
    } else {
      action.rejectedBy = who;
      this.become(action, 'rejected', 'action.rejected');
    }
    return done();
  }

  cancel(action: Action, who: 'agent' | 'otherAgent' | 'otto'): Expected {
    if (who !== 'otto' && who !== action.agent) return refused('action_not_found');
    if (action.state === 'canceled') return done();
    const isOpen = isUndecided(action) || action.state === 'queued';
    if (!isOpen || action.doubtSince !== null) return refused('action_not_cancelable');
    this.become(action, 'canceled', 'action.canceled');
    return done();
  }

  isBehind(action: Action): boolean {
    const { order, state } = action;
    return order !== null && state === 'queued' && this.#holders.get(order) !== action;
  }

  /** Every change goes through here: whoever ends lets the next of its order have its turn. */
  protected become(action: Action, state: ActionState, entry: string): void {
    const before = action.entries.length === 0 ? 'none' : action.state;
    this.taken.step('action', before, state);
    action.state = state;
    this.note(action, entry);
    if (hasEnded(action)) this.#passOn(action);
  }

  protected takeTurn(action: Action): void {
    this.#turns += 1;
    action.turn = this.#turns;
  }

  protected note(action: Action, entry: string): void {
    action.entries.push(entry);
  }

  #goOn(action: Action, entry: string): void {
    this.takeTurn(action);
    if (action.standing === null) this.#stand(action);
    const { order } = action;
    if (order !== null && !this.#holders.has(order)) this.#holders.set(order, action);
    this.become(action, 'queued', entry);
  }

  #passOn(action: Action): void {
    const { order } = action;
    if (order === null || this.#holders.get(order) !== action) return;
    this.#holders.delete(order);
    const [next] = this.actions.filter((other) => other.order === order && isUnderWay(other)).sort(byTurn);
    if (next === undefined) return;
    this.#holders.set(order, next);
    this.note(next, 'action.ready');
    this.taken.step('action', 'behind', 'queued');
  }

  #stand(action: Action): void {
    this.#standings += 1;
    action.standing = this.#standings;
  }

  /** What was asked for because nothing stood in its way, or was let go though something did; the eldest of these. */
  #likelyDone(effect: string): Action | null {
    const [first] = this.actions
      .filter((one) => one.effect === effect && one.standing !== null && !withoutEffect.includes(one.state))
      .sort((a, b) => (a.standing ?? 0) - (b.standing ?? 0));
    return first ?? null;
  }
}

export function byTurn(one: Action, other: Action): number {
  return one.turn - other.turn;
}

/** What is said of a decision that was taken already. */
function afterwards(action: Action, who: string, verdict: 'approved' | 'rejected'): Expected {
  const { rejectedBy, state } = action;
  const isLetGo = state !== 'rejected' && state !== 'canceled' && state !== 'expired';
  if (verdict === 'approved' && isLetGo) return done();
  if (verdict === 'rejected' && state === 'rejected' && rejectedBy === who) return done();
  return refused(state === 'expired' ? 'action_expired' : 'action_already_decided');
}
