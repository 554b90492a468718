import { describe, expect, test } from 'vitest';
import { stopwatch } from './elapsed.ts';
import { ServerClock } from './server-clock.ts';

/** A machine and a control plane whose clocks a test moves. */
class World {
  monotonic = 5_000;
  wall = Date.UTC(2026, 10, 20, 12);
  /** The true time at the control plane. */
  server = Date.UTC(2026, 10, 20, 12);
  readonly clock = new ServerClock({ monotonicMs: () => this.monotonic, wallMs: () => this.wall });

  pass(ms: number): void {
    this.monotonic += ms;
    this.wall += ms;
    this.server += ms;
  }

  sleep(ms: number): void {
    this.wall += ms;
    this.server += ms;
  }

  /** An exchange: what it takes on the way, at the server before it says the time, and on the way back. */
  async exchange({ there = 5, held = 0, back = 5 } = {}): Promise<void> {
    await this.clock.timed(() => {
      this.pass(there + held);
      const server_time = new Date(this.server).toISOString();
      this.pass(back);
      return Promise.resolve({ server_time });
    });
  }

  /** How much later than the truth the bound is. */
  get excess(): number {
    return this.clock.latestMs() - this.server;
  }
}

describe('the bound of the server time', () => {
  test('is infinite before any answer', () => {
    expect(new World().clock.latestMs()).toBe(Number.POSITIVE_INFINITY);
    expect(new World().clock.driftMs()).toBe(Number.POSITIVE_INFINITY);
  });

  test('is later than the truth by no more than the way there', async () => {
    const world = new World();
    await world.exchange({ there: 40, back: 60 });
    expect(world.excess).toBeGreaterThanOrEqual(40);
    expect(world.excess).toBeLessThan(41);
  });

  test.each([[-600_000], [600_000], [86_400_000]])(
    'does not care for a wall clock that is wrong by %i ms',
    async (skew) => {
      const world = new World();
      world.wall += skew;
      await world.exchange();
      expect(world.excess).toBeGreaterThanOrEqual(0);
      expect(world.excess).toBeLessThan(10);
    },
  );

  test('is not brought forward by an answer that sat in a buffer', async () => {
    const world = new World();
    await world.exchange({ back: 20_000 });
    expect(world.excess).toBeGreaterThanOrEqual(0);
    expect(world.excess).toBeLessThan(100);
  });

  test('is made later, never earlier, by a poll that was held', async () => {
    const world = new World();
    await world.exchange({ held: 25_000 });
    expect(world.excess).toBeGreaterThanOrEqual(25_000);
    await world.exchange();
    expect(world.excess).toBeLessThan(10);
    await world.exchange({ held: 25_000 });
    expect(world.excess).toBeLessThan(100);
  });

  test('counts the time that the machine slept, which its monotonic clock does not', async () => {
    const world = new World();
    await world.exchange();
    world.sleep(3_600_000);
    expect(world.excess).toBeGreaterThanOrEqual(0);
  });

  test('counts sleep also after somebody set the wall clock back', async () => {
    const world = new World();
    await world.exchange();
    world.wall -= 7_200_000;
    world.pass(10);
    world.clock.latestMs();
    world.sleep(3_600_000);
    expect(world.excess).toBeGreaterThanOrEqual(0);
  });

  test('grows with what two clocks may drift apart, until the next short exchange', async () => {
    const world = new World();
    await world.exchange();
    world.pass(3_600_000);
    expect(world.clock.driftMs()).toBeGreaterThan(3_000);
    expect(world.excess).toBeGreaterThan(3_000);
    await world.exchange();
    expect(world.clock.driftMs()).toBeLessThan(1);
    expect(world.excess).toBeLessThan(10);
  });

  test('follows a server whose clock was set forward, which would otherwise be past it', async () => {
    const world = new World();
    await world.exchange();
    world.server += 60_000;
    await world.exchange();
    expect(world.excess).toBeGreaterThanOrEqual(0);
  });

  test('learns nothing from an answer without a time', async () => {
    const world = new World();
    await world.clock.timed(() => Promise.resolve({}));
    await world.clock.timed(() => Promise.resolve({ server_time: 'noon' }));
    expect(world.clock.latestMs()).toBe(Number.POSITIVE_INFINITY);
  });
});

test('a stopwatch that is looked at often does not run fast', () => {
  let monotonic = 0;
  const read = stopwatch({ monotonicMs: () => monotonic, wallMs: () => Math.round(monotonic) });
  for (let looks = 0; looks < 10_000; looks += 1) {
    monotonic += 0.1;
    read();
  }
  expect(read()).toBeCloseTo(1_000, 5);
});
