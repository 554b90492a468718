import type { ClaimMapping, Invite } from '@countersign/protocol/people-requests';
import type { Minted } from '../credentials/credential-asks.ts';

/** What can be asked about people, in a turn. */
export type MemberAsk =
  | {
      readonly type: 'set-roles';
      readonly person: string;
      readonly roles: readonly string[];
      readonly approvalRoles: readonly string[];
    }
  | { readonly type: 'remove-member'; readonly person: string; readonly reason: string | null }
  | { readonly type: 'invite'; readonly minted: Minted; readonly request: Invite }
  | { readonly type: 'revoke-invitation'; readonly invitationId: string }
  | { readonly type: 'accept-invitation'; readonly offered: Minted }
  | { readonly type: 'save-claims-mapping'; readonly mappings: readonly ClaimMapping[] };

export type MemberLook =
  | { readonly type: 'list-members'; readonly limit: number; readonly cursor: string | null }
  | { readonly type: 'list-invitations'; readonly limit: number; readonly cursor: string | null }
  | { readonly type: 'read-claims-mapping' };
