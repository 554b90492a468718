import type { Carriable } from '@countersign/protocol/backup/carried-losses';
import type { ClaimMapping } from '@countersign/protocol/people-requests';
import type { InvitationCreated } from '../turn/body.ts';

/** What becomes of people, of the invitations to them, and of credentials. */
export type PeopleEvent =
  | {
      readonly type: 'claims.saved';
      readonly body: Carriable & { readonly mappings: readonly ClaimMapping[]; readonly name: string };
    }
  | {
      readonly type: 'session.revoked';
      readonly body: Carriable & {
        readonly session: string;
        readonly expires_at: number;
        /** Whose it was, where that is not whoever says so. */
        readonly person?: string;
      };
    }
  | {
      readonly type: 'member.added' | 'member.roles_changed';
      readonly body: Carriable & {
        readonly person: string;
        readonly name: string;
        readonly roles: readonly string[];
        readonly approval_roles: readonly string[];
      };
    }
  | {
      readonly type: 'member.removed';
      readonly body: Carriable & { readonly person: string; readonly reason: string | null };
    }
  | {
      readonly type: 'invitation.created';
      readonly body: InvitationCreated;
    }
  | {
      readonly type: 'invitation.revoked' | 'invitation.accepted';
      readonly body: Carriable & { readonly invitation_id: string };
    }
  | {
      readonly type: 'credential.issued';
      readonly body: {
        readonly credential_id: string;
        readonly kind: 'runner' | 'agent' | 'service';
        readonly name: string;
        readonly digest: string;
        /** The key that made its token; in older records nobody noted it. */
        readonly mac_key?: string;
        readonly sources: readonly string[];
        readonly permissions: readonly string[];
        readonly expires_at: number | null;
        readonly bindings?: { readonly [name: string]: string };
        readonly capabilities?: readonly string[] | null;
        readonly targets?: readonly string[];
        readonly handlers?: readonly string[];
        /** The credential that this one takes over from. */
        readonly replaces?: string | null;
        /** Its name is nobody else's while it counts; in older records names did not count. */
        readonly is_named?: true;
      };
    }
  /** Another credential has taken over; this one ends then. */
  | {
      readonly type: 'credential.retiring';
      readonly body: Carriable & { readonly credential_id: string; readonly expires_at: number };
    }
  | {
      readonly type: 'credential.revoked';
      readonly body: Carriable & { readonly credential_id: string; readonly reason: string | null };
    };
