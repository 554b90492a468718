import type { Actor } from '@countersign/protocol/ledger';

/** A caller whom the tenant knows, as of the rows that this turn read. */
export type Identity =
  | {
      readonly kind: 'person';
      readonly actor: Actor;
      readonly name: string;
      readonly roles: readonly string[];
      readonly approvalRoles: readonly string[];
    }
  | {
      readonly kind: 'runner' | 'agent' | 'service';
      readonly actor: Actor;
      readonly name: string;
      readonly sources: readonly string[];
      readonly permissions: readonly string[];
      /** Values that no request can set: the tenant and principal that it acts for. */
      readonly bindings: Readonly<Record<string, string>>;
      /** The capabilities that it may propose; null is all that are in force. */
      readonly capabilities: readonly string[] | null;
      /** Accounts at providers that it may act on. */
      readonly targets: readonly string[];
      /** Whose tasks it may work at. */
      readonly handlers: readonly string[];
    }
  | { readonly kind: 'system'; readonly actor: Actor; readonly name: string };

export const system: Identity = {
  kind: 'system',
  actor: { kind: 'system', id: 'tenant' },
  name: 'Countersign',
};
