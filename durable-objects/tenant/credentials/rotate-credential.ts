import { endedBecause } from '../access/credential-state.ts';
import type { Identity } from '../access/identity.ts';
import type { AskOf } from '../turn/command.ts';
import { credentialSubject, type Draft } from '../turn/event.ts';
import { type Outcome, unchanged } from '../turn/outcome.ts';
import { refuse } from '../turn/reply.ts';
import type { World } from '../turn/world.ts';
import { credentialOfKind } from './credential-of-kind.ts';
import { issued, refusalOfExpiry } from './issue-credential.ts';

/**
 * A new credential with a new secret takes over, with what the old one holds and no more. The old one ends at once,
 * or goes on for as long as was asked, but never beyond its own end.
 */
export function rotateCredential(
  world: World,
  ask: AskOf<'rotate-credential'>,
  identity: Identity,
  now: number,
): Outcome {
  const old = credentialOfKind(world, ask);
  if (old === undefined) return unchanged(refuse('credential_not_found', 'there is no such credential'));
  const ended = endedBecause(old, now);
  if (ended !== undefined || old.status === 'retiring') {
    const why = ended === undefined ? 'another has taken over from it' : ended.message;
    return unchanged(refuse('credential_ended', `it cannot be rotated: ${why}`, 'create a new one'));
  }
  const expires_at = ask.expiresAt ?? old.expires_at;
  const refusal = refusalOfExpiry(expires_at, now);
  if (refusal !== undefined) return unchanged({ ok: false, refusal });
  const shown = {
    ...old,
    credential_id: ask.minted.id,
    status: 'active' as const,
    expires_at,
    created_at: now,
    last_used_at: null,
  };
  const circumstances = { now, replaces: old.credential_id };
  const { reply, entries } = issued(world, shown, ask.minted, identity, circumstances);
  if (!reply.ok) return { reply, entries };
  return { reply, entries: [...entries, ending(ask, old.expires_at, identity, now)] };
}

function ending(
  { credentialId, overlapSeconds }: AskOf<'rotate-credential'>,
  until: number | null,
  { actor }: Identity,
  now: number,
): Draft {
  const subject = credentialSubject(credentialId);
  if (overlapSeconds === 0) {
    const body = { credential_id: credentialId, reason: 'rotated' };
    return { type: 'credential.revoked', actor, subject, body };
  }
  const expires_at = Math.min(now + overlapSeconds * 1_000, until ?? Number.POSITIVE_INFINITY);
  return { type: 'credential.retiring', actor, subject, body: { credential_id: credentialId, expires_at } };
}
