import type { Identity } from '../access/identity.ts';
import type { AskOf } from '../turn/command.ts';
import { settingSubject } from '../turn/event.ts';
import { type Outcome, unchanged } from '../turn/outcome.ts';
import { answer, refuse } from '../turn/reply.ts';
import type { World } from '../turn/world.ts';
import { KEPT_AFTER_MS, MOST_REVOKED } from './sessions.ts';

/**
 * Ends the token that asks, in this project. The token is its issuer's, and may go on elsewhere; here it is refused
 * from the next request on.
 */
export function revokeSession(
  world: World,
  { session }: AskOf<'revoke-session'>,
  { actor }: Identity,
  now: number,
): Outcome {
  if (session === null) return unchanged(refuse('forbidden', 'only the token of a person is a session'));
  const open = world.sessions().revoked.filter(({ expires_at }) => expires_at + KEPT_AFTER_MS > now);
  if (open.length >= MOST_REVOKED) {
    return unchanged(refuse('overloaded', 'too many sessions of this project were ended lately'));
  }
  const body = { session: session.id, expires_at: session.expiresAt };
  return {
    reply: answer({ ok: true, revoked: true, project_id: world.tenant }),
    entries: [{ type: 'session.revoked', actor, subject: settingSubject('sessions'), body }],
  };
}
