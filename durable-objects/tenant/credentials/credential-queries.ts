import type { LookPlan } from '../queries/look.ts';
import { credentials } from '../schema.ts';
import { byKey } from '../storage/read.ts';
import { decodeRow, selectList } from '../storage/rows.ts';
import type { LookOf } from '../turn/command.ts';
import { answer, refuse } from '../turn/reply.ts';
import { credentialView, shownAs } from './credential-view.ts';

/** The credentials of a kind, whatever became of them, in the order of their ids, which is that of their age. */
export function listCredentials(
  tenant: string,
  { kind, limit, cursor }: LookOf<'list-credentials'>,
): LookPlan {
  const sql =
    `SELECT ${selectList(credentials, 'c')} FROM credentials c WHERE c.tenant = ?1 AND c.kind = ?2 ` +
    'AND c.credential_id > ?3 ORDER BY c.credential_id LIMIT ?4';
  return {
    statements: [{ sql, params: [tenant, kind, cursor ?? '', limit] }],
    answer: ([rows = []], { now }) => {
      const found = rows.map((raw) => decodeRow(credentials, raw));
      const next_cursor = found.length < limit ? null : (found.at(-1)?.credential_id ?? null);
      const list = found.map((row) => credentialView(row, now));
      return answer({ ok: true, [shownAs[kind].many]: list, next_cursor });
    },
  };
}

export function readCredential(tenant: string, { kind, credentialId }: LookOf<'read-credential'>): LookPlan {
  return {
    statements: [byKey(credentials, 'credentials', 'credential_id', tenant, [credentialId])],
    answer: ([rows = []], { now }) => {
      const [raw] = rows;
      const row = raw === undefined ? undefined : decodeRow(credentials, raw);
      if (row?.kind !== kind) return refuse('credential_not_found', 'there is no such credential');
      return answer({ ok: true, [shownAs[kind].one]: credentialView(row, now) });
    },
  };
}
