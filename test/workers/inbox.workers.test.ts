import { Inbox } from '@countersign/gateway/inbox';
import { describe, expect, test } from 'vitest';
import { eventually } from '../support/eventually.ts';

/** An inbox on one end of a socket, and the other end, which a test speaks into. */
function opened(): { other: WebSocket; inbox: Inbox; heard: string[] } {
  const { 0: other, 1: inner } = new WebSocketPair();
  const heard: string[] = [];
  other.addEventListener('message', ({ data }) => {
    heard.push(String(data));
  });
  other.addEventListener('close', ({ code }) => {
    heard.push(`closed ${code}`);
  });
  other.accept();
  inner.accept();
  return { other, inbox: new Inbox(inner), heard };
}

describe('an inbox', () => {
  test('hands out messages in order, also those that came while nobody waited', async () => {
    const { other, inbox } = opened();
    other.send('one');
    other.send('two');
    expect([await inbox.next(10_000), await inbox.next(10_000)]).toEqual(['one', 'two']);
    const waiting = inbox.next(10_000);
    other.send('three');
    expect(await waiting).toBe('three');
  });

  test('gives up when its time is over, and loses nothing by it', async () => {
    const { other, inbox } = opened();
    expect(await inbox.next(1)).toBeUndefined();
    expect(inbox.isOver).toBe(false);
    other.send('late');
    expect(await inbox.next(10_000)).toBe('late');
  });

  test('ends a wait when the other end closes', async () => {
    const { other, inbox } = opened();
    const waiting = inbox.next(10_000);
    other.close(1000, 'done');
    expect(await waiting).toBeUndefined();
    expect(inbox.isOver).toBe(true);
  });

  test('is not over before the last message is out', async () => {
    const { other, inbox } = opened();
    other.send('last');
    other.close(1000, 'done');
    expect(await inbox.next(10_000)).toBe('last');
    await eventually(async () => inbox.isOver, Boolean);
    expect(await inbox.next(10_000)).toBeUndefined();
  });

  test('speaks and closes through its socket', async () => {
    const { inbox, heard } = opened();
    inbox.send('ack');
    inbox.close();
    await eventually(
      async () => heard,
      (all) => all.length === 2,
    );
    expect(heard).toEqual(['ack', 'closed 1000']);
  });
});
