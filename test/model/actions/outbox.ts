import { done, type Expected, refused } from '../proposal.ts';
import {
  type Action,
  byAge,
  type Claim,
  isSameWord,
  isSameWorker,
  law,
  type Target,
  targets,
  type Word,
  type Worker,
} from './action.ts';
import { Breaker } from './breaker.ts';
import { byTurn, Intents } from './intents.ts';
import type { Taken } from './taken.ts';

const FIRST_REST_MS = 2_000;
const LONGEST_REST_MS = 3_600_000;
const GIVEN_BACK_MS = { draining: 0, not_delivered: 0, busy: 1_000, not_configured: 60_000 } as const;
export type Reason = keyof typeof GIVEN_BACK_MS;

/** The rules of the outbox once more, in as few words as will do: what each request must do to each action. */
export class Outbox extends Intents {
  readonly claims: Claim[] = [];
  readonly breakers: Readonly<Record<Target, Breaker>>;

  constructor(taken: Taken) {
    super(taken);
    this.breakers = Object.fromEntries(targets.map((target) => [target, new Breaker(taken)])) as Record<
      Target,
      Breaker
    >;
  }

  /** The actions that a claim gets; their claims become known with the answer. */
  due(wanted: readonly Target[], limit: number): Action[] {
    const given: Action[] = [];
    const expired: Action[] = [];
    const isOver = ({ attempts, expiresAt }: Action) => expiresAt <= this.now && attempts === 0;
    for (const target of wanted) {
      const room = this.breakers[target].admits(limit - given.length, this.now);
      const queue = this.#queue(target);
      given.push(...queue.filter((one) => !isOver(one)).slice(0, room));
      // Those that stand in the way are cleared away, and then all others with them.
      if (queue.slice(0, room).some(isOver)) expired.push(...queue.filter(isOver));
    }
    for (const action of expired) this.become(action, 'expired', 'action.expired');
    return given;
  }

  hold(action: Action, id: string, worker: Worker, seconds: number): void {
    this.become(action, 'claimed', 'action.claimed');
    const { mustBegin, target } = law[action.kind];
    const until = this.now + seconds * 1_000;
    const claim = {
      action,
      id,
      worker,
      until,
      begunAt: mustBegin ? null : this.now,
      word: null,
      wasLate: false,
    };
    action.attempts += 1;
    action.claim = claim;
    this.claims.push(claim);
    this.breakers[target].gave(claim);
  }

  begin(action: Action, claim: Claim | null, worker: Worker): Expected {
    const refusal = refusalOf(action, claim, worker);
    if (refusal !== undefined || claim === null) return refusal ?? done();
    if (claim.begunAt === null) this.note(action, 'action.begun');
    claim.begunAt ??= this.now;
    return done();
  }

  renew(action: Action, claim: Claim | null, worker: Worker, seconds: number): Expected {
    const refusal = refusalOf(action, claim, worker);
    if (refusal !== undefined || claim === null) return refusal ?? done();
    claim.until = Math.max(claim.until, this.now + seconds * 1_000);
    return done();
  }

  giveBack(action: Action, claim: Claim | null, worker: Worker, reason: Reason): Expected {
    const refusal = refusalOf(action, claim, worker);
    if (refusal !== undefined || claim === null) return refusal ?? done();
    if (law[action.kind].mustBegin && claim.begunAt !== null) return refused('claim_begun');
    action.claim = null;
    // Perhaps the worker has it after all, and does not know that it was given back.
    if (reason === 'not_delivered') action.doubtSince ??= claim.begunAt;
    const rest = GIVEN_BACK_MS[reason];
    this.#rest(action, rest === 0 ? null : this.now + rest, 'action.returned');
    this.breakers[law[action.kind].target].returned(claim, this.now);
    return done();
  }

  confirm(action: Action, claim: Claim | null, worker: Worker, word: Word): Expected {
    if (claim === null || claim.action !== action) return refused('claim_required');
    if (!isSameWorker(claim.worker, worker)) return refused('claim_foreign');
    if (claim.word !== null) return isSameWord(claim.word, word) ? done() : refused('confirm_differs');
    if (action.claim !== claim) return this.#tooLate(action, claim, word);
    this.#accept(action, claim, word);
    this.breakers[law[action.kind].target].heard(claim, word, this.now);
    return done();
  }

  settle(action: Action, outcome: 'succeeded' | 'failed' | 'retry'): Expected {
    if (action.state !== 'unknown' && action.state !== 'dead_letter') return refused('action_not_settleable');
    if (outcome !== 'retry') {
      this.become(action, outcome, 'action.settled');
      return done();
    }
    // Somebody has looked: it has not happened.
    action.doubtSince = null;
    this.#requeue(action, null);
    return done();
  }

  recover(target: Target, expected: number, perMinute: number): Expected {
    const dead = this.dead(target);
    if (dead.length !== expected) return refused('recovery_outdated');
    this.taken.step('recovered', 'dead letters', dead.length === 1 ? 'one' : 'several');
    const breaker = this.breakers[target];
    const apart = 60_000 / perMinute;
    const first = Math.max(this.now, breaker.recoversUntil === null ? 0 : breaker.recoversUntil + apart);
    for (const [place, action] of dead.entries()) {
      const at = Math.round(first + place * apart);
      breaker.recoversUntil = Math.max(breaker.recoversUntil ?? 0, at);
      this.#requeue(action, at <= this.now ? null : at);
    }
    return done();
  }

  /** The dead letters of a target, the oldest first. */
  dead(target: Target): Action[] {
    const since = ({ diedAt }: Action) => diedAt;
    return this.actions
      .filter(({ kind, state }) => state === 'dead_letter' && law[kind].target === target)
      .sort((a, b) => since(a) - since(b) || byAge(a, b));
  }

  /** What the clock does when it has moved on. */
  advance(milliseconds: number): void {
    this.now += milliseconds;
    for (const action of this.actions) {
      const { claim, expiresAt, restsUntil, state } = action;
      const isUndecided = state === 'proposed' || state === 'held';
      if (isUndecided && expiresAt <= this.now) this.become(action, 'expired', 'action.expired');
      if (state === 'queued' && restsUntil !== null && restsUntil <= this.now) {
        action.restsUntil = null;
        this.note(action, 'action.ready');
        this.taken.step('action', 'resting', 'queued');
      }
      if (claim !== null && claim.until <= this.now) this.#lose(action, claim);
    }
  }

  /** Times at which something will happen by the clock alone, the nearest first. */
  get deadlines(): number[] {
    const all = [
      ...this.actions.flatMap((action) => [
        action.claim?.until ?? 0,
        action.state === 'queued' ? (action.restsUntil ?? 0) : 0,
        action.state === 'proposed' || action.state === 'held' ? action.expiresAt : 0,
      ]),
      ...targets.map((target) => this.breakers[target].until ?? 0),
    ];
    return [...new Set(all)].filter((at) => at > this.now).sort((a, b) => a - b);
  }

  #queue(target: Target): Action[] {
    return this.actions
      .filter((one) => one.state === 'queued' && law[one.kind].target === target)
      .filter((one) => one.restsUntil === null && !this.isBehind(one))
      .sort(byTurn);
  }

  #accept(action: Action, claim: Claim, word: Word): void {
    const { mostAttempts, mustBegin } = law[action.kind];
    const rest = Math.max(
      word.retry_after_ms ?? 0,
      Math.min(FIRST_REST_MS * 2 ** action.charged, LONGEST_REST_MS),
    );
    action.charged += 1;
    action.claim = null;
    claim.word = word;
    action.accepted = { claim, word };
    const { outcome } = word;
    if (outcome === 'unknown') {
      action.doubtSince ??= claim.begunAt ?? this.now;
    }
    const isLast = action.charged >= mostAttempts;
    const entry = 'action.confirmed';
    if (outcome === 'succeeded' || outcome === 'failed') this.become(action, outcome, entry);
    else if (outcome === 'unknown' && (mustBegin || isLast || word.code === 'outcome_unknown'))
      this.become(action, 'unknown', entry);
    else if (isLast) this.#die(action, entry);
    else this.#rest(action, this.now + rest, entry);
  }

  /** It is evidence for whoever settles the action; more from the same claim is no more evidence. */
  #tooLate(action: Action, claim: Claim, word: Word): Expected {
    if (!claim.wasLate) {
      claim.wasLate = true;
      action.late = { claim, word };
      this.note(action, 'action.confirm_refused');
    }
    return refused('claim_expired');
  }

  #lose(action: Action, claim: Claim): void {
    const { mostAttempts, mustBegin } = law[action.kind];
    action.claim = null;
    action.charged += 1;
    action.doubtSince ??= claim.begunAt;
    if (mustBegin && claim.begunAt !== null) this.become(action, 'unknown', 'action.claim_expired');
    else if (action.charged >= mostAttempts) this.#die(action, 'action.claim_expired');
    else this.#rest(action, null, 'action.claim_expired');
  }

  #requeue(action: Action, restsUntil: number | null): void {
    action.charged = 0;
    this.takeTurn(action);
    this.#rest(action, restsUntil, 'action.requeued');
  }

  #rest(action: Action, until: number | null, entry: string): void {
    action.restsUntil = until;
    this.become(action, 'queued', entry);
  }

  #die(action: Action, entry: string): void {
    action.diedAt = this.now;
    this.breakers[law[action.kind].target].isKnown = true;
    this.become(action, 'dead_letter', entry);
  }
}

/** What is wrong with a claim that somebody names. */
function refusalOf(action: Action, claim: Claim | null, worker: Worker): Expected | undefined {
  if (claim === null || claim.action !== action) return refused('claim_required');
  if (!isSameWorker(claim.worker, worker)) return refused('claim_foreign');
  return action.claim === claim ? undefined : refused('claim_expired');
}
