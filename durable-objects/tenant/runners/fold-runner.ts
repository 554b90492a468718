import type { Placed } from '../turn/event.ts';
import { type Put, type RowReader, rowOfSubject } from '../turn/keyed-tables.ts';

/** The runner's row after an entry about it. */
export function foldRunner(tenant: string, rows: RowReader, entry: Placed): readonly Put[] {
  const tip = { tip_seq: entry.seq, tip_hash: entry.hash };
  const before = rows.row('runners', rowOfSubject(entry.subject)?.key ?? '');
  if (entry.type === 'runner.registered') {
    const { runner_id, version, engines, sources, capabilities } = entry.body;
    const row = {
      tenant,
      runner_id,
      version,
      engines: [...engines],
      sources: [...sources],
      capabilities: [...capabilities],
      status: 'online' as const,
      registered_at: before?.registered_at ?? entry.at,
      last_seen_at: entry.at,
      registered_by: entry.actor.id,
      control_digest: before?.control_digest ?? null,
      ...tip,
    };
    return [{ name: 'runners', row }];
  }
  if (before === undefined) return [];
  if (entry.type === 'runner.status_changed') {
    const row = { ...before, status: entry.body.status, last_seen_at: entry.at, ...tip };
    return [{ name: 'runners', row }];
  }
  const control_digest = entry.type === 'runner.control_taken' ? entry.body.digest : before.control_digest;
  return [{ name: 'runners', row: { ...before, control_digest, ...tip } }];
}
