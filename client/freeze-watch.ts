import type { FreezeMark } from '@countersign/protocol/freeze-mark';

export interface FreezeListener {
  begun(freeze: FreezeMark): void;
  ended(freeze: FreezeMark): void;
}

/**
 * Which freezes hold back the claims of one worker. Every answer says it again, and several kinds of claims meet the
 * same freeze: its beginning and its end are told once each.
 */
export class FreezeWatch {
  readonly #listener: FreezeListener;
  /** By whose claims it holds back. */
  readonly #freezes = new Map<unknown, FreezeMark>();

  constructor(listener: FreezeListener) {
    this.#listener = listener;
  }

  /** What an answer to somebody's claim said; undefined: nothing holds those claims back. */
  heard(claimant: unknown, freeze: FreezeMark | undefined): void {
    const before = this.#freezes.get(claimant);
    if (before?.freeze_id === freeze?.freeze_id) return;
    const isNews = freeze !== undefined && !this.#holds(freeze);
    if (freeze === undefined) this.#freezes.delete(claimant);
    else this.#freezes.set(claimant, freeze);
    if (isNews) this.#listener.begun(freeze);
    if (before !== undefined && !this.#holds(before)) this.#listener.ended(before);
  }

  #holds({ freeze_id }: FreezeMark): boolean {
    return [...this.#freezes.values()].some((freeze) => freeze.freeze_id === freeze_id);
  }
}
