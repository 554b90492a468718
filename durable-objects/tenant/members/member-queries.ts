import { settings } from '../governance-schema.ts';
import type { LookPlan } from '../queries/look.ts';
import { invitations, members } from '../schema.ts';
import { byKey } from '../storage/read.ts';
import { decodeRow, selectList } from '../storage/rows.ts';
import type { LookOf } from '../turn/command.ts';
import { answer } from '../turn/reply.ts';
import { claimsSetting } from './claims.ts';
import { invitationView, memberView } from './member-view.ts';

/** Everybody who is or was a member by name, in the order of their ids. */
export function listMembers(tenant: string, { limit, cursor }: LookOf<'list-members'>): LookPlan {
  const sql = `SELECT ${selectList(members, 'm')} FROM members m WHERE m.tenant = ?1 AND m.person > ?2 ORDER BY m.person LIMIT ?3`;
  return {
    statements: [{ sql, params: [tenant, cursor ?? '', limit] }],
    answer: ([rows = []]) => {
      const found = rows.map((raw) => decodeRow(members, raw));
      const next_cursor = found.length < limit ? null : (found.at(-1)?.person ?? null);
      return answer({ ok: true, members: found.map(memberView), next_cursor });
    },
  };
}

export function listInvitations(tenant: string, { limit, cursor }: LookOf<'list-invitations'>): LookPlan {
  const sql = `SELECT ${selectList(invitations, 'i')} FROM invitations i WHERE i.tenant = ?1 AND i.invitation_id > ?2 ORDER BY i.invitation_id LIMIT ?3`;
  return {
    statements: [{ sql, params: [tenant, cursor ?? '', limit] }],
    answer: ([rows = []], { now }) => {
      const found = rows.map((raw) => decodeRow(invitations, raw));
      const next_cursor = found.length < limit ? null : (found.at(-1)?.invitation_id ?? null);
      return answer({ ok: true, invitations: found.map((row) => invitationView(row, now)), next_cursor });
    },
  };
}

export function readClaimsMapping(tenant: string): LookPlan {
  return {
    statements: [byKey(settings, 'settings', 'name', tenant, ['claims'])],
    answer: ([rows = []]) => {
      const [raw] = rows;
      const { mappings } = claimsSetting(raw === undefined ? undefined : decodeRow(settings, raw));
      return answer({ ok: true, mappings });
    },
  };
}
