import type { Needs } from '../turn/needs.ts';
import type { MemberAsk } from './member-asks.ts';

/** The rows that a rule about people looks at. */
export function addMemberNeeds({ rows }: Pick<Needs, 'rows'>, ask: MemberAsk): void {
  switch (ask.type) {
    case 'set-roles':
    case 'remove-member':
      rows.members.add(ask.person);
      return;
    case 'invite':
      rows.invitations.add(ask.minted.id);
      return;
    case 'accept-invitation':
      rows.invitations.add(ask.offered.id);
      return;
    case 'revoke-invitation':
      rows.invitations.add(ask.invitationId);
      return;
    case 'save-claims-mapping':
      rows.settings.add('claims');
      return;
  }
}
