import type { Expiry } from '@countersign/protocol/credential-requests';

/** Unix seconds or a timestamp on the wire, milliseconds inside. */
export function milliseconds(expiry: Expiry | undefined): number | null {
  if (expiry === undefined) return null;
  return typeof expiry === 'number' ? expiry * 1_000 : Date.parse(expiry);
}
