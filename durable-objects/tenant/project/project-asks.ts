import type { Session } from '../turn/command.ts';

/** What can be asked in a turn about one's own access: to end this token here before its time. */
export type ProjectAsk = { readonly type: 'revoke-session'; readonly session: Session | null };

/** What can be asked about the project itself and about one's own access to it. */
export type ProjectLook =
  | {
      readonly type: 'read-session';
      /** The caller's own, where it has one. */
      readonly credentialId: string | null;
      readonly session: Session | null;
    }
  | { readonly type: 'read-entitlements' }
  | { readonly type: 'read-status' }
  | { readonly type: 'read-project'; readonly as: 'project' | 'projects' | 'accounts' }
  | { readonly type: 'list-sources'; readonly limit: number; readonly cursor: string | null }
  | { readonly type: 'read-source'; readonly sourceId: string };
