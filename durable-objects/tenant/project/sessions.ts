import type { SettingRow } from '../governance-schema.ts';

/** Tokens of people that were ended before their time; each is forgotten when it would have ended by itself. */
export interface SessionsSetting {
  readonly revoked: readonly { readonly session: string; readonly expires_at: number }[];
}

/** More than this are kept only by ending one's token every few seconds. */
export const MOST_REVOKED = 2_000;

export function sessionsSetting(row: SettingRow | undefined): SessionsSetting {
  return row !== undefined && 'revoked' in row.value ? row.value : { revoked: [] };
}
