import type { CredentialKind } from '@countersign/protocol/token';

/** A new secret as a turn sees it: an id that nobody chose, and the secret's digest. The secret stays at the gateway. */
export interface Minted {
  readonly id: string;
  readonly digest: string;
  /** Which key its MAC was made with; absent where it has none. */
  readonly macKey?: string;
}

/** What a new credential is to be. */
export interface Wanted {
  readonly name: string;
  readonly sources: readonly string[];
  /** All that its kind may have, where null. */
  readonly permissions: readonly string[] | null;
  readonly role: 'developer' | 'readonly' | null;
  readonly bindings: Readonly<Record<string, string>>;
  readonly capabilities: readonly string[] | null;
  /** Accounts at providers that a worker may act on. */
  readonly targets: readonly string[];
  readonly handlers: readonly string[];
  /** Unix milliseconds. */
  readonly expiresAt: number | null;
}

/**
 * What can be asked about credentials, in a turn. The kind is the route's: an id of another kind is no id there.
 */
export type CredentialAsk =
  | {
      readonly type: 'issue-credential';
      readonly kind: CredentialKind;
      readonly minted: Minted;
      readonly wanted: Wanted;
    }
  | {
      readonly type: 'rotate-credential';
      readonly kind: CredentialKind;
      readonly credentialId: string;
      readonly minted: Minted;
      readonly overlapSeconds: number;
      /** Unix milliseconds; as before where null. */
      readonly expiresAt: number | null;
    }
  | {
      readonly type: 'revoke-credential';
      readonly kind: CredentialKind;
      readonly credentialId: string;
      readonly reason: string | null;
    };

export type CredentialLook =
  | {
      readonly type: 'list-credentials';
      readonly kind: CredentialKind;
      readonly limit: number;
      readonly cursor: string | null;
    }
  | { readonly type: 'read-credential'; readonly kind: CredentialKind; readonly credentialId: string };
