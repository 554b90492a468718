import type { Claim, Word } from './action.ts';
import type { Taken } from './taken.ts';

const MOST_FAILURES = 5;
const SHORTEST_REST_MS = 30_000;
const LONGEST_REST_MS = 900_000;

/** The circuit breaker before one account at a provider. */
export class Breaker {
  readonly #taken: Taken;
  state: 'closed' | 'open' | 'trying' = 'closed';
  failures = 0;
  until: number | null = null;
  /** Whether there was ever trouble, or a dead letter: others are not listed. */
  isKnown = false;
  /** Until when dead letters that were brought back are spread. */
  recoversUntil: number | null = null;
  readonly entries: string[] = [];
  #restMs = 0;
  #trial: Claim | null = null;

  constructor(taken: Taken) {
    this.#taken = taken;
  }

  /** How many actions may be handed out at once, where somebody has room for so many. */
  admits(room: number, now: number): number {
    if (this.state === 'closed') return room;
    const isBusy = this.state === 'trying' ? this.#isTrialOn : this.#rests(now);
    return isBusy ? 0 : Math.min(room, 1);
  }

  /** One was handed out: where there was trouble, that is a trial. */
  gave(claim: Claim): void {
    if (this.state === 'closed') return;
    this.#trial = claim;
    this.until = claim.until;
    this.#become('trying', 'target.tried');
  }

  /** A trial that was given back tried nothing: the next one may be at once. */
  returned(claim: Claim, now: number): void {
    if (this.state !== 'trying' || this.#trial !== claim) return;
    this.until = now;
    this.#become('open', 'target.opened');
  }

  heard(claim: Claim, word: Word, now: number): void {
    const answered = meaningOf(word);
    if (answered === 'nothing') return;
    if (answered === 'well') {
      this.failures = 0;
      if (this.state === 'closed') return;
      this.until = null;
      this.#become('closed', 'target.closed');
      return;
    }
    this.isKnown = true;
    this.failures += 1;
    const isTrial = this.state === 'trying' && this.#trial === claim;
    if (!isTrial && (this.state !== 'closed' || this.failures < MOST_FAILURES)) return;
    this.#restMs = isTrial ? Math.min(this.#restMs * 2, LONGEST_REST_MS) : SHORTEST_REST_MS;
    this.until = now + this.#restMs;
    this.#become('open', 'target.opened');
  }

  #rests(now: number): boolean {
    return this.until !== null && this.until > now;
  }

  get #isTrialOn(): boolean {
    return this.#trial !== null && this.#trial.action.claim === this.#trial;
  }

  #become(state: Breaker['state'], entry: string): void {
    this.#taken.step('target', this.state, state);
    this.state = state;
    this.entries.push(entry);
  }
}

/** What a word says of the provider. */
function meaningOf({ code, outcome }: Word): 'well' | 'trouble' | 'nothing' {
  if (outcome === 'succeeded' || outcome === 'failed' || code === 'not_settled') return 'well';
  if (code !== 'outcome_unknown' || outcome !== 'unknown') return 'trouble';
  return 'nothing';
}
