import type { RunnerRow } from '../schema.ts';
import type { Placed } from '../turn/event.ts';

/** The runner's row after an entry about it. */
export function foldRunner(
  tenant: string,
  before: RunnerRow | undefined,
  entry: Placed,
): RunnerRow | undefined {
  const tip = { tip_seq: entry.seq, tip_hash: entry.hash };
  if (entry.type === 'runner.registered') {
    const { runner_id, version, engines, sources, capabilities } = entry.body;
    return {
      tenant,
      runner_id,
      version,
      engines: [...engines],
      sources: [...sources],
      capabilities: [...capabilities],
      status: 'online',
      registered_at: before?.registered_at ?? entry.at,
      last_seen_at: entry.at,
      ...tip,
    };
  }
  if (before === undefined) return undefined;
  if (entry.type === 'runner.status_changed') {
    return { ...before, status: entry.body.status, last_seen_at: entry.at, ...tip };
  }
  return { ...before, ...tip };
}
