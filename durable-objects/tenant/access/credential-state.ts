import type { Refusal } from '@countersign/protocol/problem';
import type { CredentialRow } from '../schema.ts';

type State = Pick<CredentialRow, 'status' | 'expires_at'>;

/** Why a credential counts no more, or undefined while it does. One that is being replaced counts until it ends. */
export function endedBecause({ status, expires_at }: State, now: number): Refusal | undefined {
  if (status === 'revoked') return { code: 'token_revoked', message: 'this token has been revoked' };
  if (expires_at !== null && expires_at <= now) {
    return { code: 'token_expired', message: 'this token has expired' };
  }
  return undefined;
}

/** The state of a credential in one word, as the API shows it. */
export function shownStatus(row: State, now: number): 'active' | 'retiring' | 'expired' | 'revoked' {
  if (row.status === 'revoked') return 'revoked';
  if (row.expires_at !== null && row.expires_at <= now) return 'expired';
  return row.status;
}
