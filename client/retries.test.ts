import { describe, expect, test } from 'vitest';
import { ApiError } from './api-error.ts';
import { withRetries } from './retries.ts';

/** An attempt that fails with these in turn, and then succeeds. */
function failing(...failures: readonly Error[]) {
  const left = [...failures];
  const pauses: number[] = [];
  const retries = { most: 2, pause: async (milliseconds: number) => pauses.push(milliseconds) };
  const done = withRetries(retries, async () => {
    const failure = left.shift();
    if (failure !== undefined) throw failure;
    return 'done';
  });
  return { done, pauses, left };
}

const busy = (retryAfterMs?: number) =>
  new ApiError('busy', { status: 503, code: 'overloaded', retryable: true, retryAfterMs });

describe('a failure', () => {
  test('that may pass is tried again, later and later', async () => {
    const { done, pauses } = failing(busy(), busy());
    expect(await done).toBe('done');
    const [first = 0, second = 0] = pauses;
    expect(first).toBeGreaterThanOrEqual(100);
    expect(second).toBeGreaterThanOrEqual(200);
  });

  test('is given up once it was tried often enough', async () => {
    const { done, left } = failing(busy(), busy(), busy(), busy());
    await expect(done).rejects.toMatchObject({ code: 'overloaded' });
    expect(left).toHaveLength(1);
  });

  test('is not tried again before the time that was named, nor where that is long', async () => {
    const soon = failing(busy(4_000));
    await soon.done;
    expect(soon.pauses).toEqual([4_000]);
    const late = failing(busy(60_000));
    await expect(late.done).rejects.toMatchObject({ code: 'overloaded' });
    expect(late.pauses).toEqual([]);
  });

  test.each([
    ['a refusal', new ApiError('no', { status: 409, code: 'decided', retryable: false })],
    ['a fault of the program', new TypeError('broken')],
  ])('that is %s is told at once', async (_what, failure) => {
    const { done, pauses } = failing(failure);
    await expect(done).rejects.toBe(failure);
    expect(pauses).toEqual([]);
  });
});

test('nobody is tried for who does not wait any more', async () => {
  const gone = new Error('stopped');
  const retries = { most: 2, pause: () => Promise.reject(gone) };
  let attempts = 0;
  const attempt = () => {
    attempts += 1;
    return Promise.reject(busy());
  };
  await expect(withRetries(retries, attempt)).rejects.toBe(gone);
  expect(attempts).toBe(1);
});
