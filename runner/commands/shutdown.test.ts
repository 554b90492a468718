import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { GRACE_MS, Shutdown } from './shutdown.ts';

beforeEach(() => vi.useFakeTimers());
afterEach(() => vi.useRealTimers());

function prepared() {
  const events: string[] = [];
  const shutdown = new Shutdown(
    (_level, event) => events.push(event),
    () => events.push('exit'),
  );
  const state = () => [shutdown.drain.aborted, shutdown.giveUp.aborted, events.includes('exit')];
  return { shutdown, state };
}

describe('stopping', () => {
  test('goes one stage further with every signal', () => {
    const { shutdown, state } = prepared();
    expect(state()).toEqual([false, false, false]);
    shutdown.next('SIGTERM');
    expect(state()).toEqual([true, false, false]);
    shutdown.next('SIGTERM');
    expect(state()).toEqual([true, true, false]);
    shutdown.next('SIGTERM');
    expect(state()).toEqual([true, true, true]);
    expect(shutdown.wasForced).toBe(true);
  });

  test('ends all waiting after the grace time, but not the process', () => {
    const { shutdown, state } = prepared();
    shutdown.next('SIGTERM');
    vi.advanceTimersByTime(GRACE_MS);
    expect(state()).toEqual([true, true, false]);
    vi.advanceTimersByTime(10 * GRACE_MS);
    expect(state()).toEqual([true, true, false]);
    expect(shutdown.wasForced).toBe(false);
  });

  test('ends the process when the grace time after the second signal is over', () => {
    const { shutdown, state } = prepared();
    shutdown.next('SIGTERM');
    shutdown.next('SIGTERM');
    vi.advanceTimersByTime(GRACE_MS);
    expect(state()).toEqual([true, true, true]);
  });

  test('is over when there is nothing left to stop', () => {
    const { shutdown, state } = prepared();
    shutdown.next('SIGTERM');
    shutdown.next('SIGTERM');
    shutdown.done();
    vi.advanceTimersByTime(10 * GRACE_MS);
    expect(state()).toEqual([true, true, false]);
  });
});
