import type { ErrorCode } from '@countersign/protocol/error-codes';
import type { Call } from '../turn/command.ts';
import { answer, type Reply, refuse } from '../turn/reply.ts';

/** Refusals by which it shows that whoever asked is nobody here: no member, or with a token that counts no more. */
const ofNobody: ReadonlySet<ErrorCode> = new Set<ErrorCode>([
  ...(['project_not_found', 'invitation_not_found'] as const),
  ...(['token_revoked', 'token_expired', 'token_invalid'] as const),
]);

export function isToNobody(reply: Reply): boolean {
  return !reply.ok && ofNobody.has(reply.refusal.code);
}

/** What a person who is no member is told without looking: a limit would tell that there is such a project. */
export function toStranger(ask: Call['ask']): Reply {
  const asked = ask.type === 'may' ? ask.asked : ask.type;
  if (asked !== 'accept-invitation') {
    return refuse('project_not_found', 'there is no such project, or you are not a member of it');
  }
  if (ask.type === 'may') return answer({ ok: true });
  return refuse('invitation_not_found', 'there is no such invitation, or it counts no more');
}
