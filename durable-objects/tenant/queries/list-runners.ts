import { runners } from '../schema.ts';
import { decodeRow, selectList } from '../storage/rows.ts';
import type { LookOf } from '../turn/command.ts';
import { answer } from '../turn/reply.ts';
import type { LookPlan } from './look.ts';
import { time } from './proposal-view.ts';

/** A runner that said nothing for this long, and holds no poll, is shown as stale. */
export const STALE_AFTER_MS = 150_000;

/** The tenant's runners by id. Who holds a poll right now is online whatever its last written sign of life. */
export function listRunners(
  tenant: string,
  { limit, cursor }: LookOf<'list-runners'>,
  polling: ReadonlySet<string>,
): LookPlan {
  const sql = `SELECT ${selectList(runners, 'r')} FROM runners r WHERE r.tenant = ?1 AND r.runner_id > ?2 ORDER BY r.runner_id LIMIT ?3`;
  return {
    statements: [{ sql, params: [tenant, cursor ?? '', limit] }],
    answer: ([rows = []], { now }) => {
      const found = rows.map((raw) => decodeRow(runners, raw));
      const list = found.map((row) => ({
        runner_id: row.runner_id,
        status: statusOf(row, polling.has(row.runner_id), now),
        runner_version: row.version,
        engines: row.engines,
        source_ids: row.sources,
        capabilities: row.capabilities,
        control_digest: row.control_digest,
        registered_at: time(row.registered_at),
        last_seen_at: time(polling.has(row.runner_id) ? now : row.last_seen_at),
      }));
      const next_cursor = found.length < limit ? null : (found.at(-1)?.runner_id ?? null);
      return answer({ ok: true, runners: list, next_cursor });
    },
  };
}

function statusOf(row: typeof runners.$inferSelect, isPolling: boolean, now: number): string {
  if (row.status === 'draining') return 'draining';
  return isPolling || now - row.last_seen_at < STALE_AFTER_MS ? 'online' : 'stale';
}
