import type { Caller } from '../turn/command.ts';
import type { Changes } from '../turn/rows.ts';

/** Whose socket it is, as small as an attachment must be. */
export type LiveReader =
  | { readonly kind: 'person'; readonly person: string; readonly session: string | null }
  | { readonly kind: 'token'; readonly credentialId: string }
  | { readonly kind: 'system' };

export function readerOf(caller: Caller): LiveReader {
  switch (caller.kind) {
    case 'person':
      return { kind: 'person', person: caller.person, session: caller.session?.id ?? null };
    case 'system':
      return { kind: 'system' };
    default:
      return { kind: 'token', credentialId: caller.credentialId };
  }
}

/**
 * Whether this turn may have changed what the reader may see, or whether anything. What they may see now is found out
 * when they come back; until then they are told nothing.
 */
export function hasAccessChanged(reader: LiveReader, { rows }: Pick<Changes, 'rows'>): boolean {
  const set = new Set<string>(rows.settings.map(({ after }) => after.name));
  if (set.has('permissions')) return true;
  switch (reader.kind) {
    case 'person':
      return set.has('claims') || isMemberChanged(reader.person, rows) || isEnded(reader.session, rows);
    case 'token':
      return isTokenChanged(reader.credentialId, rows);
    case 'system':
      return false;
  }
}

type ChangedRows = Changes['rows'];

function isMemberChanged(person: string, { members }: ChangedRows): boolean {
  return members.some(
    ({ before, after }) =>
      after.person === person &&
      (before?.status !== after.status || before.roles.join() !== after.roles.join()),
  );
}

/** Its row also says when it was used last, which changes nothing. */
function isTokenChanged(credentialId: string, { credentials }: ChangedRows): boolean {
  return credentials.some(
    ({ before, after }) =>
      after.credential_id === credentialId &&
      (before?.status !== after.status || before.expires_at !== after.expires_at),
  );
}

function isEnded(session: string | null, { settings }: ChangedRows): boolean {
  return settings.some(
    ({ after: { value } }) => 'revoked' in value && value.revoked.some((ended) => ended.session === session),
  );
}
