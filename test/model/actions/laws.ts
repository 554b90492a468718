import type { LedgerEntry } from '@countersign/protocol/ledger';
import { expect } from 'vitest';
import { type Action, law } from './action.ts';

/** What must be true of every ledger, whatever the model thinks of each step. */

const actionOf = ({ subject }: LedgerEntry) => subject.replace('action/', '');

/** What gives a claim up, in whatever way. */
const giveUps: readonly string[] = ['action.returned', 'action.claim_expired', 'action.confirmed'];

/** At most one claim of an action stands at a time, and only who had it gives it up. */
export function expectOneClaimEach(entries: readonly LedgerEntry[]): void {
  const standing = new Map<string, unknown>();
  for (const entry of entries) {
    const id = actionOf(entry);
    if (entry.type === 'action.claimed') {
      expect(standing.has(id), `${id} is claimed twice at entry ${entry.seq}`).toBe(false);
      standing.set(id, entry.body.claim_id);
    } else if (giveUps.includes(entry.type)) {
      expect(entry.body.claim_id, `entry ${entry.seq}`).toBe(standing.get(id));
      standing.delete(id);
    }
  }
}

/** A mail that was begun, and of which nobody heard, is handed out again only after a person has spoken. */
export function expectNoBlindRepeat(actions: readonly Action[], entries: readonly LedgerEntry[]): void {
  const mails = new Set(actions.filter(({ kind }) => law[kind].mustBegin).map(({ id }) => id));
  const begun = new Set<string>();
  const lost = new Set<string>();
  for (const entry of entries) {
    const id = actionOf(entry);
    if (!mails.has(id)) continue;
    if (entry.type === 'action.claimed') {
      expect(lost.has(id), `${id} may have been sent, and is claimed at entry ${entry.seq}`).toBe(false);
      begun.delete(id);
    }
    if (entry.type === 'action.begun') begun.add(id);
    if (entry.type === 'action.claim_expired' && begun.has(id)) lost.add(id);
    if (entry.type === 'action.confirmed' && Object(entry.body.result).outcome === 'unknown') lost.add(id);
    if (entry.type === 'action.requeued') lost.delete(id);
  }
}

const lettingGo: readonly string[] = ['action.requested', 'action.approved'];
const becomes = ({ type, body }: LedgerEntry): unknown => {
  if (type === 'action.confirmed') return body.becomes;
  if (type === 'action.settled') return body.outcome;
  return type.replace('action.', '');
};
const endings: readonly unknown[] = ['succeeded', 'failed', 'rejected', 'canceled', 'expired'];

/** Of an order one after the other is worked on, in the order in which they were let go, the last to its end. */
export function expectOrder(actions: readonly Action[], entries: readonly LedgerEntry[]): void {
  const orders = new Map(actions.map(({ id, order }) => [id, order]));
  const waiting = new Map<string, string[]>();
  const atWork = new Map<string, string>();
  for (const entry of entries) {
    const id = actionOf(entry);
    const order = orders.get(id) ?? null;
    if (order === null) continue;
    const line = waiting.get(order) ?? [];
    waiting.set(order, line);
    if (
      lettingGo.includes(entry.type) &&
      (entry.type !== 'action.requested' || entry.body.state === 'queued')
    )
      line.push(id);
    if (entry.type === 'action.claimed') {
      expect(atWork.get(order) ?? id, `${order} at entry ${entry.seq}`).toBe(id);
      atWork.set(order, id);
      expect(line[0], `before ${id} in ${order}`).toBe(id);
    }
    if (endings.includes(becomes(entry))) {
      if (atWork.get(order) === id) atWork.delete(order);
      waiting.set(
        order,
        line.filter((one) => one !== id),
      );
    }
  }
}

/** One key for all attempts at an action, and for no other one. */
export function expectKeys(actions: readonly Action[], entries: readonly LedgerEntry[]): void {
  const keys = actions.map(({ key }) => key);
  expect(new Set(keys).size).toBe(actions.length);
  const requested = entries.filter(({ type }) => type === 'action.requested');
  expect(requested.map(({ body }) => body.idempotency_key)).toEqual(keys);
}
