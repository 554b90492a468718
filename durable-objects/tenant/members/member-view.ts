import type { InvitationRow, MemberRow } from '../schema.ts';

/** A member as the API shows it. */
export function memberView({ person, name, roles, approval_roles, status }: MemberRow) {
  return { person, name, roles, approval_roles, status };
}

/** An invitation as the API shows it; never its code, which nobody here knows. */
export function invitationView(
  row: Omit<InvitationRow, 'tenant' | 'digest' | 'tip_seq' | 'tip_hash'>,
  now: number,
) {
  const { invitation_id, name, roles, approval_roles, status, created_at, expires_at } = row;
  return {
    invitation_id,
    name,
    roles,
    approval_roles,
    status: status === 'open' && expires_at <= now ? 'expired' : status,
    created_at: new Date(created_at).toISOString(),
    expires_at: new Date(expires_at).toISOString(),
  };
}
