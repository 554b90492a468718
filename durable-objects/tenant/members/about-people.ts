import type { BootstrapAsk } from '../bootstrap/bootstrap-asks.ts';
import type { CorsAsk } from '../cors/cors-asks.ts';
import type { CredentialAsk } from '../credentials/credential-asks.ts';
import { addCredentialNeeds } from '../credentials/credential-needs.ts';
import type { ProjectAsk } from '../project/project-asks.ts';
import type { Ask } from '../turn/command.ts';
import type { Needs } from '../turn/needs.ts';
import type { MemberAsk } from './member-asks.ts';
import { addMemberNeeds } from './member-needs.ts';

export type PeopleAsk = MemberAsk | CredentialAsk | ProjectAsk | BootstrapAsk | CorsAsk;

const names: Record<PeopleAsk['type'], true> = {
  'set-roles': true,
  'remove-member': true,
  invite: true,
  'revoke-invitation': true,
  'accept-invitation': true,
  'save-claims-mapping': true,
  'issue-credential': true,
  'rotate-credential': true,
  'revoke-credential': true,
  'revoke-session': true,
  bootstrap: true,
  'allow-origin': true,
  'deny-origin': true,
};

/** Whether what is asked is about who may do what: members, invitations, credentials, sessions, origins. */
export function isAboutPeople(ask: Ask): ask is PeopleAsk {
  return Object.hasOwn(names, ask.type);
}

/** The rows that its rule looks at. */
export function addPeopleNeeds(needs: Pick<Needs, 'rows' | 'roster'>, ask: PeopleAsk): void {
  switch (ask.type) {
    case 'issue-credential':
    case 'rotate-credential':
    case 'revoke-credential':
      addCredentialNeeds(needs, ask);
      return;
    case 'bootstrap':
      needs.rows.credentials.add(ask.minted.id);
      needs.rows.settings.add('bootstrap').add('services');
      needs.roster = true;
      return;
    case 'allow-origin':
    case 'deny-origin':
      needs.rows.settings.add('cors');
      return;
    case 'revoke-session':
      needs.rows.settings.add('sessions');
      return;
    default:
      addMemberNeeds(needs, ask);
  }
}
