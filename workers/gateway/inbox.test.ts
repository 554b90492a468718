import { describe, expect, test } from 'vitest';
import { Inbox } from './inbox.ts';

/** The end of a socket that a test speaks into. */
class FakeSocket extends EventTarget {
  readonly sent: string[] = [];
  closedWith: number | undefined;

  say(data: string): void {
    this.dispatchEvent(Object.assign(new Event('message'), { data }));
  }

  end(how: 'close' | 'error'): void {
    this.dispatchEvent(new Event(how));
  }

  send(text: string): void {
    this.sent.push(text);
  }

  close(code: number): void {
    this.closedWith = code;
  }
}

function opened(): { socket: FakeSocket; inbox: Inbox } {
  const socket = new FakeSocket();
  return { socket, inbox: new Inbox(Object.assign(Object.create(null), { socket }).socket) };
}

describe('an inbox', () => {
  test('hands out messages in order, also those that came while nobody waited', async () => {
    const { socket, inbox } = opened();
    socket.say('one');
    socket.say('two');
    expect([await inbox.next(0), await inbox.next(0)]).toEqual(['one', 'two']);
    const waiting = inbox.next(10_000);
    socket.say('three');
    expect(await waiting).toBe('three');
  });

  test('gives up when its time is over, and loses nothing by it', async () => {
    const { socket, inbox } = opened();
    expect(await inbox.next(1)).toBeUndefined();
    expect(inbox.isOver).toBe(false);
    socket.say('late');
    expect(await inbox.next(0)).toBe('late');
  });

  test.each(['close', 'error'] as const)(
    'ends a wait at a %s, but not before the last message is out',
    async (how) => {
      const { socket, inbox } = opened();
      const waiting = inbox.next(10_000);
      socket.end(how);
      expect(await waiting).toBeUndefined();
      const second = opened();
      second.socket.say('last');
      second.socket.end(how);
      expect(second.inbox.isOver).toBe(false);
      expect(await second.inbox.next(10_000)).toBe('last');
      expect(second.inbox.isOver).toBe(true);
      expect(await second.inbox.next(10_000)).toBeUndefined();
    },
  );

  test('speaks and closes through its socket', () => {
    const { socket, inbox } = opened();
    inbox.send('ack');
    inbox.close();
    expect([socket.sent, socket.closedWith]).toEqual([['ack'], 1000]);
  });
});
