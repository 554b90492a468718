import { ApiError } from './api-error.ts';
import { backoffMs } from './backoff.ts';

/** How often a call is sent again by itself while its failure may pass. */
export interface Retries {
  /** Besides the first time. */
  readonly most: number;
  /** Rejects where nobody waits any more. */
  readonly pause: (milliseconds: number) => Promise<unknown>;
}

const PAUSES = { leastMs: 200, mostMs: 2_000 } as const;
/** Who is told to come back later than this is told so instead of being kept waiting. */
const LONGEST_PAUSE_MS = 5_000;

/**
 * Attempts again what failed and may pass. Only for what happens once however often it is sent: reads, and writes with
 * an idempotency key.
 */
export async function withRetries<Result>(
  { most, pause }: Retries,
  attempt: () => Promise<Result>,
): Promise<Result> {
  for (let failures = 1; ; failures += 1) {
    try {
      return await attempt();
    } catch (error) {
      const wait = failures > most ? undefined : pauseAfter(error, failures);
      if (wait === undefined) throw error;
      await pause(wait);
    }
  }
}

function pauseAfter(error: unknown, failures: number): number | undefined {
  if (!(error instanceof ApiError) || !error.retryable) return undefined;
  const { retryAfterMs = 0 } = error;
  if (retryAfterMs > LONGEST_PAUSE_MS) return undefined;
  return Math.max(retryAfterMs, backoffMs(failures, PAUSES, Math.random()));
}
