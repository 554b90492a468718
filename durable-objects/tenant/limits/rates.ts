import { isNear, type LimitMark, type LimitName, type Limits } from '@countersign/protocol/limits';
import type { Refusal } from '@countersign/protocol/problem';
import { Bounded } from '../turn/bounded.ts';
import type { Call } from '../turn/command.ts';
import { type Bucket, roomAfterMs, spentAt } from './bucket.ts';
import { type Draw, drawsOf } from './counted-calls.ts';
import { reachedLimit } from './limit-refusal.ts';

/** Of whom the newest requests are known. Whoever falls out begins anew: the limits of all together still hold. */
const MOST_KNOWN = 10_000;

/** What counting a call came to. `near` are the limits that it has used up most of. */
export type Taken =
  | { readonly ok: true; readonly near: readonly LimitMark[] }
  | { readonly ok: false; readonly refusal: Refusal; readonly near: readonly LimitMark[] };

/**
 * The limits a minute, as the object remembers them. Counting costs no read, so that a flood costs none. An object that
 * left memory has forgotten what was used, and forgives it.
 */
export class Rates {
  readonly #limits: Limits;
  readonly #buckets = new Bounded<string, Bucket>(MOST_KNOWN);

  constructor(limits: Limits) {
    this.#limits = limits;
  }

  /** Counts a call where all of its limits have room, and else none of them. */
  take(call: Pick<Call, 'ask' | 'caller'>, now: number): Taken {
    const draws = drawsOf(call);
    const full = draws.map((draw) => this.#markOf(draw, now)).find(({ limit, used }) => used + 1 > limit);
    if (full !== undefined) {
      const mark = roundedMark(full);
      return { ok: false, refusal: reachedLimit(mark, roomAfterMs(full.used, full.limit)), near: [mark] };
    }
    const near = draws.map((draw) => this.#count(draw, now)).filter(isNear);
    return { ok: true, near: near.map(roundedMark) };
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

  #markOf({ name, of }: Draw, now: number): LimitMark {
    const limit = this.#limits[name];
    const bucket = this.#buckets.get(`${name} ${of}`);
    return { name, limit, used: bucket === undefined ? 0 : spentAt(bucket, limit, now) };
  }

  #count(draw: Draw, now: number): LimitMark {
    const mark = this.#markOf(draw, now);
    const spent = mark.used + 1;
    this.#buckets.set(`${draw.name} ${draw.of}`, { spent, at: now });
    return { ...mark, used: spent };
  }
}

function roundedMark(mark: LimitMark): LimitMark {
  return { ...mark, used: Math.ceil(mark.used) };
}
