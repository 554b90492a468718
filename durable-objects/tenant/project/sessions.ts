import type { SettingRow } from '../governance-schema.ts';

export interface EndedSession {
  readonly session: string;
  readonly expires_at: number;
  /** Whose it was. */
  readonly person: string;
}

/** Tokens of people that were ended before their time; each is forgotten when it would have ended by itself. */
export interface SessionsSetting {
  readonly revoked: readonly EndedSession[];
}

/** Clocks differ, so a token may be believed a little beyond its end: that long it must stay known as ended. */
export const KEPT_AFTER_MS = 60_000;

/** So many of one person's tokens are kept as ended: nobody takes the room of others. */
export const MOST_REVOKED_OF_ONE = 20;
/** Of all together: more are ended only by a hundred people at once who mean it. Owners are not bound by it. */
export const MOST_REVOKED = 2_000;

export function sessionsSetting(row: SettingRow | undefined): SessionsSetting {
  return row !== undefined && 'revoked' in row.value ? row.value : { revoked: [] };
}
