import { expect, test } from 'vitest';
import { mintTicket, readTicket } from './live-ticket.ts';
import { mintToken, readToken, tokenDigest } from './token.ts';

const KEY = 'k'.repeat(40);
const OTHER_KEY = 'o'.repeat(40);

test('a ticket names its tenant to whoever has the key, and is another one each time', () => {
  const ticket = mintTicket('prj_acme', KEY);
  expect(readTicket(ticket, [OTHER_KEY, KEY])).toEqual({ tenant: 'prj_acme', digest: tokenDigest(ticket) });
  expect(readTicket(ticket, [OTHER_KEY])).toBeUndefined();
  expect(mintTicket('prj_acme', KEY)).not.toBe(ticket);
});

test('it has only characters that a subprotocol may have', () => {
  expect(mintTicket('prj_acme', KEY)).toMatch(/^[A-Za-z0-9_-]+$/);
});

test('a ticket is no token, a token is no ticket, and one that was altered is none', () => {
  const ticket = mintTicket('prj_acme', KEY);
  expect(readToken(ticket, [KEY])).toBeUndefined();
  expect(readToken(ticket.replace('syn_liv_', 'syn_svc_'), [KEY])).toBeUndefined();
  const token = mintToken('svc', 'prj_acme', 'crd_1', KEY);
  expect(readTicket(token, [KEY])).toBeUndefined();
  expect(readTicket(token.replace('syn_svc_', 'syn_liv_'), [KEY])).toBeUndefined();
  for (let place = 'syn_liv_'.length; place < ticket.length; place += 1) {
    const other = ticket[place] === 'A' ? 'B' : 'A';
    expect(readTicket(ticket.slice(0, place) + other + ticket.slice(place + 1), [KEY])).toBeUndefined();
  }
});
