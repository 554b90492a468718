import { actions } from '../actions-schema.ts';
import type { LookPlan } from '../queries/look.ts';
import { decodeRow, selectList } from '../storage/rows.ts';
import type { LookOf } from '../turn/command.ts';
import { answer } from '../turn/reply.ts';

/** The queue as a worker sees it: what stands before the targets that its credential covers, and no payload. */
export function actionEvents(tenant: string, { cursor, limit }: LookOf<'action-events'>): LookPlan {
  const sql =
    `SELECT ${selectList(actions, 'a')} FROM actions a WHERE a.tenant = ?1 AND a.action_id > ?2 ` +
    'ORDER BY a.action_id LIMIT ?3';
  return {
    statements: [{ sql, params: [tenant, cursor ?? '', limit] }],
    answer: ([rows = []], { identity }) => {
      const covered = 'targets' in identity ? identity.targets : [];
      const found = rows.map((raw) => decodeRow(actions, raw));
      const events = found
        .filter(({ target }) => covered.includes(target))
        .map((row) => ({
          action_id: row.action_id,
          action: row.name,
          target: row.target,
          provider: row.provider,
          status: row.state,
          attempts: row.attempt,
          claimed_by: row.claim_runner,
          outcome: row.result?.result.outcome ?? null,
          updated_at: new Date(row.updated_at).toISOString(),
        }));
      const next_cursor = rows.length < limit ? null : (found.at(-1)?.action_id ?? null);
      return answer({ ok: true, events, next_cursor });
    },
  };
}
