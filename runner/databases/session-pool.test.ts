import { describe, expect, test } from 'vitest';
import { DatabaseFault } from './database-fault.ts';
import { SessionPool } from './session-pool.ts';

/** A session that remembers how it ended. */
class Remembering {
  isUsable = true;
  end: 'closed' | 'destroyed' | undefined;

  async close(): Promise<void> {
    this.isUsable = false;
    this.end ??= 'closed';
  }

  destroy(): void {
    this.isUsable = false;
    this.end ??= 'destroyed';
  }
}

/** A pool whose sessions are opened when the test says so. */
function poolOf(most: number) {
  const opening: ((session: Remembering) => void)[] = [];
  const pool = new SessionPool<Remembering>(
    () =>
      new Promise((resolve) => {
        opening.push(resolve);
      }),
    most,
  );
  const come = () => {
    const session = new Remembering();
    opening.shift()?.(session);
    return session;
  };
  return { pool, opening, come };
}

/** All that is to be done now has been done. */
const settled = () => new Promise((resolve) => setImmediate(resolve));

describe('a pool that is closed', () => {
  test('rejects whoever waits for a session, and closes the one that comes too late', async () => {
    const { come, opening, pool } = poolOf(1);
    const waiting = [pool.acquire(), pool.lend(async () => 'used')];
    const ends = Promise.allSettled(waiting);
    await pool.close();
    for (const end of await ends)
      expect(end).toMatchObject({ status: 'rejected', reason: expect.any(DatabaseFault) });
    const late = come();
    await settled();
    expect(late.end).toBe('closed');
    expect(opening).toEqual([]);
  });

  test('opens nothing any more, also when a session comes back', async () => {
    const { come, opening, pool } = poolOf(1);
    const first = pool.acquire();
    const session = come();
    await first;
    const second = pool.acquire();
    const end = expect(second).rejects.toThrow(DatabaseFault);
    await pool.close();
    await end;
    pool.release(session);
    await settled();
    expect(session.end).toBe('destroyed');
    expect(opening).toEqual([]);
    await expect(pool.acquire()).rejects.toThrow(DatabaseFault);
    expect(opening).toEqual([]);
  });
});
