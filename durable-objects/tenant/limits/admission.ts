import { isNear, type LimitMark, type LimitName, type Limits } from '@countersign/protocol/limits';
import type { Hold } from '../hold.ts';
import type { Call } from '../turn/command.ts';
import type { LimitsNow } from './limit-queries.ts';
import { LOOK_AGAIN_MS, reachedLimit } from './limit-refusal.ts';
import { isNoted } from './neared.ts';
import { Rates, type Taken } from './rates.ts';

/** Polls that are held now. */
export interface HeldNow {
  readonly claims: number;
  readonly watches: number;
}

/** What is judged before anything is read or queued: the limits a minute, and of what is held. */
export class Admission {
  readonly limits: Limits;
  readonly #held: HeldNow;
  readonly #rates: Rates;
  /** When a limit was noted last, in Unix milliseconds: a hint that spares turns which would change nothing. */
  readonly #noted = new Map<LimitName, number>();

  constructor(limits: Limits, held: HeldNow) {
    this.limits = limits;
    this.#held = held;
    this.#rates = new Rates(limits);
  }

  request(call: Pick<Call, 'ask' | 'caller'>, now: number): Taken {
    return this.#rates.take(call, now);
  }

  /** A claim that wants to be held is a request too; a reading that does is one when it reads. */
  hold(hold: Hold, now: number): Taken {
    const name = hold.kind === 'claim' ? 'held_polls' : 'held_reads';
    const limit = this.limits[name];
    const used = (hold.kind === 'claim' ? this.#held.claims : this.#held.watches) + 1;
    if (used > limit) {
      const mark = { name, limit, used: limit } as const;
      return { ok: false, refusal: reachedLimit(mark, LOOK_AGAIN_MS), near: [mark] };
    }
    const near = isNear({ limit, used }) ? [{ name, limit, used } as const] : [];
    if (hold.kind === 'watch') return { ok: true, near };
    const { caller, claim } = hold;
    const taken = this.#rates.take({ caller, ask: { ...claim, waiterId: null } }, now);
    return { ...taken, near: [...near, ...taken.near] };
  }

  standing(now: number): LimitsNow {
    const { claims, watches } = this.#held;
    const used = new Map(this.#rates.used(now));
    return { limits: this.limits, used: used.set('held_polls', claims).set('held_reads', watches) };
  }

  /** Those that are not known to be noted; they are from now on. */
  unnoted(near: readonly LimitMark[], now: number): readonly LimitMark[] {
    const found = near.filter(({ name }) => !isNoted(this.#noted.get(name), now));
    for (const { name } of found) this.#noted.set(name, now);
    return found;
  }

  /** It could not be written: the next request that meets the limit tries again. */
  forgetNoted(name: LimitName): void {
    this.#noted.delete(name);
  }
}
