import type { Identity } from '../access/identity.ts';
import type { AskOf } from '../turn/command.ts';
import { settingSubject } from '../turn/event.ts';
import { type Outcome, unchanged } from '../turn/outcome.ts';
import { answer, refuse } from '../turn/reply.ts';
import type { World } from '../turn/world.ts';
import { KEPT_AFTER_MS, MOST_REVOKED, MOST_REVOKED_OF_ONE, type SessionsSetting } from './sessions.ts';

/**
 * Ends the token that asks, in this project. The token is its issuer's, and may go on elsewhere; here it is refused
 * from the next request on.
 */
export function revokeSession(
  world: World,
  { session }: AskOf<'revoke-session'>,
  identity: Identity,
  now: number,
): Outcome {
  if (session === null) return unchanged(refuse('forbidden', 'only the token of a person is a session'));
  const { actor } = identity;
  const live = world.sessions().revoked.filter(({ expires_at }) => expires_at + KEPT_AFTER_MS > now);
  const full = whyFull(live, identity);
  if (full !== undefined) return unchanged(refuse('overloaded', full));
  const body = { session: session.id, expires_at: session.expiresAt };
  return {
    reply: answer({ ok: true, revoked: true, project_id: world.tenant }),
    entries: [{ type: 'session.revoked', actor, subject: settingSubject('sessions'), body }],
  };
}

/** An ended token is never forgotten before its time to make room for another: it would be good again. */
function whyFull(live: SessionsSetting['revoked'], identity: Identity): string | undefined {
  const own = live.filter(({ person }) => person === identity.actor.id);
  if (own.length >= MOST_REVOKED_OF_ONE) return 'too many sessions of yours were ended lately';
  const isOwner = identity.kind === 'person' && identity.roles.includes('owner');
  const isFull = live.length >= MOST_REVOKED && !isOwner;
  return isFull ? 'too many sessions of this project were ended lately' : undefined;
}
