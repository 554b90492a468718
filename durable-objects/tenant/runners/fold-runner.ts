import type { RunnerRow } from '../schema.ts';
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
      started_at: entry.at,
      last_seen_at: entry.at,
      drained: null,
      registered_by: entry.actor.id,
      control_digest: before?.control_digest ?? null,
      ...tip,
    };
    return [{ name: 'runners', row }];
  }
  return before === undefined ? [] : [{ name: 'runners', row: { ...before, ...changeOf(entry), ...tip } }];
}

function changeOf(entry: Placed): Partial<RunnerRow> {
  switch (entry.type) {
    case 'runner.status_changed':
      return { status: entry.body.status, last_seen_at: entry.at };
    case 'runner.drained': {
      const { name, reason } = entry.body;
      return { status: 'draining', drained: { by: byOf(entry), name, reason, at: entry.at } };
    }
    case 'runner.undrained':
      return { status: 'online', drained: null };
    case 'runner.archived':
      return { status: 'archived', drained: null };
    case 'runner.control_taken':
      return { control_digest: entry.body.digest };
    default:
      return {};
  }
}

function byOf({ actor }: Placed): string {
  return `${actor.kind}:${actor.id}`;
}
