import type { Identity } from '../access/identity.ts';
import type { AskOf } from '../turn/command.ts';
import { credentialSubject } from '../turn/event.ts';
import { type Outcome, unchanged } from '../turn/outcome.ts';
import { answer, refuse } from '../turn/reply.ts';
import type { World } from '../turn/world.ts';
import { credentialOfKind } from './credential-of-kind.ts';
import { credentialView, shownAs } from './credential-view.ts';

/** Ends a credential: at its next request it is refused, and a poll that it holds gets nothing. */
export function revokeCredential(
  world: World,
  ask: AskOf<'revoke-credential'>,
  { actor }: Identity,
  now: number,
): Outcome {
  const row = credentialOfKind(world, ask);
  if (row === undefined) return unchanged(refuse('credential_not_found', 'there is no such credential'));
  const { one } = shownAs[row.kind];
  const reply = answer({ ok: true, [one]: credentialView({ ...row, status: 'revoked' }, now) });
  if (row.status === 'revoked') return unchanged(reply);
  const subject = credentialSubject(row.credential_id);
  const body = { credential_id: row.credential_id, reason: ask.reason };
  return { reply, entries: [{ type: 'credential.revoked', actor, subject, body }] };
}
