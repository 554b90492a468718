import { isNear, type LimitMark, type LimitName, type Limits } from '@countersign/protocol/limits';
import type { Refusal } from '@countersign/protocol/problem';
import { Bounded } from '../turn/bounded.ts';
import type { Call } from '../turn/command.ts';
import { type Bucket, roomAfterMs, spentAt } from './bucket.ts';
import {
  type Draw,
  isContinued,
  ownDraw,
  ownerOf,
  sharedDraws,
  type Urgency,
  urgencyOf,
} from './counted-calls.ts';
import { reachedLimit } from './limit-refusal.ts';

/** Of whom the newest requests are known. Whoever falls out begins anew: the limits of all together still hold. */
const MOST_KNOWN = 10_000;
/** More than a person can press in a minute; what comes beyond is ordinary, or one flood could keep out all stops. */
const URGENT_A_MINUTE = 60;

/** What counting a call came to. `near` are the limits that it has used up most of. */
export type Taken =
  | { readonly ok: true; readonly near: readonly LimitMark[]; readonly urgency: Urgency }
  | { readonly ok: false; readonly refusal: Refusal; readonly near: readonly LimitMark[] };

type Counted = Pick<Call, 'ask' | 'caller'>;

/**
 * The limits a minute, as the object remembers them. Counting costs no read, so that a flood costs none. An object that
 * left memory has forgotten what was used, and forgives it.
 */
export class Rates {
  readonly #limits: Limits;
  readonly #buckets = new Bounded<string, Bucket>(MOST_KNOWN);
  readonly #urgent = new Bounded<string, Bucket>(MOST_KNOWN);

  constructor(limits: Limits) {
    this.#limits = limits;
  }

  /** Counts a call where all of its limits have room, and else none of them. */
  take(call: Counted, now: number): Taken {
    const { ask, caller } = call;
    const urgency = urgencyOf(call);
    if (caller.kind === 'system' || urgency === 'reporting' || isContinued(ask))
      return { ok: true, near: [], urgency };
    if (urgency === 'urgent' && this.#takeUrgent(ownerOf(caller), now))
      return { ok: true, near: [], urgency };
    const draws = [ownDraw(caller), ...sharedDraws(call)];
    const full = draws.map((draw) => this.#markOf(draw, now)).find(({ limit, used }) => used + 1 > limit);
    if (full !== undefined) {
      const mark = roundedMark(full);
      return { ok: false, refusal: reachedLimit(mark, roomAfterMs(full.used, full.limit)), near: [mark] };
    }
    const near = draws.map((draw) => this.#add(draw, 1, now)).filter(isNear);
    return { ok: true, near: near.map(roundedMark), urgency: 'ordinary' };
  }

  /** Takes back what a call used of the limits that it shared; not of its own. */
  giveBack(call: Counted, now: number): void {
    if (isContinued(call.ask) || urgencyOf(call) !== 'ordinary') return;
    for (const draw of sharedDraws(call)) this.#add(draw, -1, now);
  }

  /** The most that is used up of each limit a minute, by whomever. */
  used(now: number): ReadonlyMap<LimitName, number> {
    const most = new Map<LimitName, number>();
    for (const [key, bucket] of this.#buckets.entries()) {
      const name = key.slice(0, key.indexOf(' ')) as LimitName;
      const used = Math.ceil(spentAt(bucket, this.#limits[name], now));
      most.set(name, Math.max(used, most.get(name) ?? 0));
    }
    return most;
  }

  #takeUrgent(owner: string, now: number): boolean {
    const bucket = this.#urgent.get(owner);
    const spent = bucket === undefined ? 0 : spentAt(bucket, URGENT_A_MINUTE, now);
    if (spent + 1 > URGENT_A_MINUTE) return false;
    this.#urgent.set(owner, { spent: spent + 1, at: now });
    return true;
  }

  #markOf({ name, of }: Draw, now: number): LimitMark {
    const limit = this.#limits[name];
    const bucket = this.#buckets.get(`${name} ${of}`);
    return { name, limit, used: bucket === undefined ? 0 : spentAt(bucket, limit, now) };
  }

  #add(draw: Draw, change: 1 | -1, now: number): LimitMark {
    const mark = this.#markOf(draw, now);
    const spent = Math.max(0, mark.used + change);
    this.#buckets.set(`${draw.name} ${draw.of}`, { spent, at: now });
    return { ...mark, used: spent };
  }
}

function roundedMark(mark: LimitMark): LimitMark {
  return { ...mark, used: Math.ceil(mark.used) };
}
