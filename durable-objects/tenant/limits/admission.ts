import { isNear, type LimitMark, type LimitName, type Limits } from '@countersign/protocol/limits';
import type { Hold } from '../hold.ts';
import { Bounded } from '../turn/bounded.ts';
import type { Call } from '../turn/command.ts';
import type { Reply } from '../turn/reply.ts';
import type { Urgency } from './counted-calls.ts';
import type { LimitsNow } from './limit-queries.ts';
import { LOOK_AGAIN_MS, reachedLimit } from './limit-refusal.ts';
import { isNoted } from './neared.ts';
import { isToNobody, toStranger } from './nobody.ts';
import { Rates } from './rates.ts';

/** How many claims, readings and sockets of the live feed are held now. */
export interface HeldNow {
  of(kind: 'claims' | 'watches' | 'live'): number;
}

/** Whether a call goes on, or how it is answered at once. `near` are the limits that it has used up most of. */
export type Admitted =
  | { readonly isAdmitted: true; readonly near: readonly LimitMark[]; readonly urgency: Urgency }
  | { readonly isAdmitted: false; readonly reply: Reply };

type Counted = Pick<Call, 'ask' | 'caller'>;

const MOST_STRANGERS = 10_000;

/** Which limit counts what is held of a kind. */
const heldBy = {
  claim: { name: 'held_polls', count: 'claims' },
  watch: { name: 'held_reads', count: 'watches' },
  live: { name: 'live_sockets', count: 'live' },
} as const satisfies Record<
  Hold['kind'],
  { readonly name: LimitName; readonly count: Parameters<HeldNow['of']>[0] }
>;

/** What is judged before anything is read or queued: the limits a minute, and of what is held. */
export class Admission {
  readonly limits: Limits;
  readonly #held: HeldNow;
  readonly #rates: Rates;
  /** People who turned out to be no members. */
  readonly #strangers = new Bounded<string, true>(MOST_STRANGERS);
  /** When a limit was noted last, in Unix milliseconds: a hint that spares turns which would change nothing. */
  readonly #noted = new Map<LimitName, number>();

  constructor(limits: Limits, held: HeldNow) {
    this.limits = limits;
    this.#held = held;
    this.#rates = new Rates(limits);
  }

  request(call: Counted, now: number): Admitted {
    const taken = this.#rates.take(call, now);
    if (taken.ok) return { isAdmitted: true, near: taken.near, urgency: taken.urgency };
    const { caller } = call;
    const isStranger = caller.kind === 'person' && this.#strangers.get(caller.person) === true;
    const { near, refusal } = taken;
    return { isAdmitted: false, reply: isStranger ? toStranger(call.ask) : { ok: false, refusal, near } };
  }

  /** A claim that wants to be held is a request too; a reading that does is one when it reads. */
  hold(hold: Hold, now: number): Admitted {
    const ordinary = { isAdmitted: true, urgency: 'ordinary' } as const;
    // Who is no runner is refused by the turn, which knows what to tell them.
    if (hold.kind === 'claim' && hold.caller.kind !== 'runner') return this.request(requestOf(hold), now);
    const room = this.room(hold.kind);
    if (!room.isAdmitted) return room;
    const { near } = room;
    if (hold.kind !== 'claim') return { ...ordinary, near };
    const admitted = this.request(requestOf(hold), now);
    return admitted.isAdmitted ? { ...admitted, near: [...near, ...admitted.near] } : admitted;
  }

  /** Whether one more may be held. */
  room(kind: Hold['kind']): Admitted {
    const { count, name } = heldBy[kind];
    const limit = this.limits[name];
    const used = this.#held.of(count) + 1;
    if (used > limit) {
      const mark = { name, limit, used: limit } as const;
      return {
        isAdmitted: false,
        reply: { ok: false, refusal: reachedLimit(mark, LOOK_AGAIN_MS), near: [mark] },
      };
    }
    return {
      isAdmitted: true,
      urgency: 'ordinary',
      near: isNear({ limit, used }) ? [{ name, limit, used }] : [],
    };
  }

  /**
   * Looks at how a call was answered. Who turned out to be nobody took none of what others share, and is not told of any
   * limit: the marks that are left are to be told and noted.
   */
  answered(call: Counted, reply: Reply, near: readonly LimitMark[], now: number): readonly LimitMark[] {
    const { caller } = call;
    if (!isToNobody(reply)) {
      if (caller.kind === 'person') this.#strangers.delete(caller.person);
      return near;
    }
    if (caller.kind === 'person') this.#strangers.set(caller.person, true);
    else this.#rates.giveBack(call, now);
    return [];
  }

  standing(now: number): LimitsNow {
    const used = new Map(this.#rates.used(now));
    for (const { count, name } of Object.values(heldBy)) used.set(name, this.#held.of(count));
    return { limits: this.limits, used };
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

function requestOf({ caller, claim }: Extract<Hold, { kind: 'claim' }>): Counted {
  return { caller, ask: { ...claim, waiterId: null } };
}
