import { randomBytes } from 'node:crypto';
import { openText, sealText } from './sealed-text.ts';
import { tokenDigest } from './token.ts';

/** What opens the live feed once, within this time. */
export const TICKET_LIVES_MS = 30_000;

const MARK = 'liv';
const SECRET_BYTES = 32;
const FORM = /^syn_liv_([A-Za-z0-9_-]{60,400})$/;

export interface TicketClaims {
  readonly tenant: string;
  /** Of the whole ticket: what the tenant keeps of it. */
  readonly digest: string;
}

/**
 * A new ticket. It has only characters that the header `Sec-WebSocket-Protocol` takes, names its tenant, and carries a
 * MAC, so that a forged one touches no tenant. It is no token: no route takes it for one.
 */
export function mintTicket(tenant: string, macKey: string): string {
  return sealText(MARK, [tenant], randomBytes(SECRET_BYTES), macKey);
}

/** What a ticket claims; undefined where nobody here has made it. Only the tenant knows whether it still counts. */
export function readTicket(ticket: string, macKeys: readonly string[]): TicketClaims | undefined {
  const sealed = FORM.exec(ticket)?.[1];
  const [tenant] = sealed === undefined ? [] : (openText(MARK, sealed, 1, macKeys) ?? []);
  return tenant === undefined ? undefined : { tenant, digest: tokenDigest(ticket) };
}
