import type { Carriable } from '@countersign/protocol/backup/carried-losses';

/** What becomes of the one exchange that a project has. */
export type BootstrapEvent =
  | { readonly type: 'bootstrap.exchanged'; readonly body: Carriable & { readonly credential_id: string } }
  /** Whoever has the database lets it happen once more. */
  | {
      readonly type: 'bootstrap.reopened';
      readonly body: { readonly reason: string; readonly name: string };
    };
