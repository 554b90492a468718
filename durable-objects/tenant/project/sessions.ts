import type { SettingRow } from '../governance-schema.ts';

/** Tokens of people that were ended before their time; each is forgotten when it would have ended by itself. */
export interface SessionsSetting {
  readonly revoked: readonly { readonly session: string; readonly expires_at: number }[];
}

/** Clocks differ, so a token may be believed a little beyond its end: that long it must stay known as ended. */
export const KEPT_AFTER_MS = 60_000;

/** More than this are kept only by ending one's token every few seconds. */
export const MOST_REVOKED = 2_000;

export function sessionsSetting(row: SettingRow | undefined): SessionsSetting {
  return row !== undefined && 'revoked' in row.value ? row.value : { revoked: [] };
}
