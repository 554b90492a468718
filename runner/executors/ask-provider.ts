import { pause } from '@countersign/client/pause';
import type { Effect, Executor, Found } from './executor.ts';

export interface Asking {
  readonly signal: AbortSignal;
  /** How long to wait before each question (ms): as many as there are questions. */
  readonly pausesMs: readonly number[];
  /** Whether a first `no` will do: what is still under way may arrive after it. */
  readonly believesFirstNo: boolean;
}

/**
 * Asks a provider until it has the effect, a bounded number of times; the last answer counts. undefined when nobody can
 * be asked.
 */
export async function askProvider(
  { find }: Pick<Executor, 'find'>,
  effect: Effect,
  { believesFirstNo, pausesMs, signal }: Asking,
): Promise<Found | undefined> {
  if (find === undefined) return undefined;
  let found: Found = { found: 'unknown', code: 'stopped' };
  for (const pauseMs of pausesMs) {
    await pause(pauseMs, signal);
    // An answer that was cut short by ourselves is none.
    if (signal.aborted) return { found: 'unknown', code: 'stopped' };
    found = await find(effect, signal);
    if (found.found === 'yes' || (found.found === 'no' && believesFirstNo)) return found;
  }
  return found;
}
