import type { Placed } from '../turn/event.ts';
import type { Put, RowReader } from '../turn/keyed-tables.ts';
import { KEPT_AFTER_MS, sessionsSetting } from './sessions.ts';

/** The setting of ended tokens after one more; those that have ended by themselves are left out. */
export function foldSessions(
  tenant: string,
  rows: RowReader,
  { actor, body, at, seq, hash }: Extract<Placed, { type: 'session.revoked' }>,
): readonly Put[] {
  const before = sessionsSetting(rows.row('settings', 'sessions')).revoked;
  const live = before.filter(({ expires_at }) => expires_at + KEPT_AFTER_MS > at);
  const { expires_at, person = actor.id, session } = body;
  const value = { revoked: [...live, { session, expires_at, person }] };
  return [{ name: 'settings', row: { tenant, name: 'sessions', value, tip_seq: seq, tip_hash: hash } }];
}
