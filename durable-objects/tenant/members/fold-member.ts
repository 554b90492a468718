import type { Placed } from '../turn/event.ts';
import type { Put, RowReader } from '../turn/keyed-tables.ts';

/** The rows of people and of invitations after an entry about them. */
export function foldMember(tenant: string, rows: RowReader, entry: Placed): readonly Put[] {
  const tip = { tip_seq: entry.seq, tip_hash: entry.hash };
  switch (entry.type) {
    case 'member.added':
    case 'member.roles_changed': {
      const { person, name, roles, approval_roles } = entry.body;
      const row = {
        tenant,
        person,
        name,
        roles: [...roles],
        approval_roles: [...approval_roles],
        status: 'active' as const,
        ...tip,
      };
      return [{ name: 'members', row }];
    }
    case 'member.removed': {
      const before = rows.row('members', entry.body.person);
      // Whoever was a member by a claim alone gets a row that says otherwise.
      const { person } = entry.body;
      const known = before ?? { tenant, person, name: person };
      return [
        { name: 'members', row: { ...known, roles: [], approval_roles: [], status: 'removed', ...tip } },
      ];
    }
    case 'invitation.created': {
      const { invitation_id, digest, name, roles, approval_roles, expires_at } = entry.body;
      const row = {
        tenant,
        invitation_id,
        digest,
        name,
        roles: [...roles],
        approval_roles: [...approval_roles],
        status: 'open' as const,
        created_at: entry.at,
        expires_at,
        ...tip,
      };
      return [{ name: 'invitations', row }];
    }
    case 'invitation.revoked':
    case 'invitation.accepted': {
      const before = rows.row('invitations', entry.body.invitation_id);
      if (before === undefined) return [];
      const status = entry.type === 'invitation.revoked' ? 'revoked' : 'accepted';
      return [{ name: 'invitations', row: { ...before, status, ...tip } }];
    }
    default:
      return [];
  }
}
