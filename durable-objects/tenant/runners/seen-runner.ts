import type { RunnerRow } from '../schema.ts';
import type { RunnerSeen } from '../turn/outcome.ts';

/** A runner's last sign of life is written at most this often: each time costs a row. */
export const SEEN_EVERY_MS = 60_000;

export function seenRunner(runner: RunnerRow | undefined, now: number): { seen: RunnerSeen } | undefined {
  if (runner === undefined || now - runner.last_seen_at < SEEN_EVERY_MS) return undefined;
  return { seen: { runner_id: runner.runner_id, last_seen_at: now } };
}
