import { expect, test } from 'vitest';
import { NOW } from '../test-support.ts';
import type { Caller } from '../turn/command.ts';
import { LiveTickets } from './live-tickets.ts';

const ada: Caller = { kind: 'person', person: 'iss ada' };

test('a ticket counts once', () => {
  const tickets = new LiveTickets();
  tickets.keep('one', ada, NOW);
  expect(tickets.take('one', NOW)).toBe(ada);
  expect(tickets.take('one', NOW)).toBeUndefined();
  expect(tickets.take('other', NOW)).toBeUndefined();
});

test('a ticket counts for half a minute', () => {
  const tickets = new LiveTickets();
  expect(tickets.keep('early', ada, NOW)).toBe(NOW + 30_000);
  tickets.keep('late', ada, NOW);
  expect(tickets.take('early', NOW + 29_999)).toBe(ada);
  expect(tickets.take('late', NOW + 30_000)).toBeUndefined();
});

test('so many are kept, the newest', () => {
  const tickets = new LiveTickets();
  for (let count = 0; count <= 1_000; count += 1) tickets.keep(`ticket ${count}`, ada, NOW);
  expect(tickets.take('ticket 0', NOW)).toBeUndefined();
  expect(tickets.take('ticket 1', NOW)).toBe(ada);
  expect(tickets.take('ticket 1000', NOW)).toBe(ada);
});
