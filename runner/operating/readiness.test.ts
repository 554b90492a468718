import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { Readiness } from './readiness.ts';

const sourceId = 'src_shop';
const free = { taken: 0, room: 8 };

let drain: AbortController;
let nowMs: number;
let probes: number;
let probe: () => Promise<string | undefined>;
let readiness: Readiness;

beforeEach(() => {
  vi.useFakeTimers();
  drain = new AbortController();
  nowMs = 1_000_000;
  probes = 0;
  probe = async () => undefined;
  const database = {
    probe: () => {
      probes += 1;
      return probe();
    },
  };
  readiness = new Readiness({
    databases: new Map([[sourceId, database]]),
    drain: drain.signal,
    now: () => nowMs,
  });
});
afterEach(() => {
  vi.useRealTimers();
});

function inService(lanes = free) {
  readiness.observe({ kind: 'contacted' });
  readiness.observe({ kind: 'serving', sourceId, lanes });
  readiness.observe({ kind: 'turn', sourceId });
}

const allWell = {
  ready: true,
  draining: false,
  frozen: false,
  control_plane: 'ok',
  databases: { src_shop: 'ok' },
};

describe('the readiness', () => {
  test('begins with nothing, and comes with the control plane and the database', async () => {
    const nothing = { control_plane: 'away', databases: { src_shop: 'unchecked' } };
    expect(await readiness.report()).toEqual({ ...allWell, ready: false, ...nothing });
    readiness.observe({ kind: 'contacted' });
    expect(await readiness.report()).toMatchObject({ ready: false, control_plane: 'ok' });
    inService();
    expect(await readiness.report()).toEqual(allWell);
    expect(probes).toBe(0);
  });

  test('goes with a claim that failed, until one is answered', async () => {
    inService();
    readiness.observe({ kind: 'claim', sourceId, outcome: 'failed', seconds: 1 });
    expect(await readiness.report()).toMatchObject({ ready: false, control_plane: 'away' });
    readiness.observe({ kind: 'claim', sourceId, outcome: 'empty', seconds: 25 });
    expect(await readiness.report()).toEqual(allWell);
  });

  test('goes with a claim that was refused since the runner is out of service, and says so', async () => {
    inService();
    readiness.observe({ kind: 'claim', sourceId, outcome: 'failed', seconds: 1, isDraining: true });
    expect(await readiness.report()).toEqual({ ...allWell, ready: false, draining: true });
    readiness.observe({ kind: 'claim', sourceId, outcome: 'failed', seconds: 1 });
    expect(await readiness.report()).toMatchObject({ draining: false, control_plane: 'away' });
    readiness.observe({ kind: 'claim', sourceId, outcome: 'empty', seconds: 25 });
    expect(await readiness.report()).toEqual(allWell);
  });

  test('stays with a freeze, which is nobody’s fault here, and says so until the last has ended', async () => {
    inService();
    for (const freezeId of ['frz_1', 'frz_2']) readiness.observe({ kind: 'frozen', freezeId });
    expect(await readiness.report()).toEqual({ ...allWell, frozen: true });
    readiness.observe({ kind: 'thawed', freezeId: 'frz_1' });
    expect(await readiness.report()).toEqual({ ...allWell, frozen: true });
    readiness.observe({ kind: 'thawed', freezeId: 'frz_2' });
    expect(await readiness.report()).toEqual(allWell);
  });

  test('goes with the database, as soon as the loops know', async () => {
    inService();
    readiness.observe({ kind: 'database', sourceId, isReachable: false });
    expect(await readiness.report()).toEqual({ ...allWell, ready: false, databases: { src_shop: 'away' } });
    readiness.observe({ kind: 'database', sourceId, isReachable: true });
    expect(await readiness.report()).toEqual(allWell);
    expect(probes).toBe(0);
  });

  test('looks at a database of which nothing was learned for 5 s, both ways', async () => {
    inService();
    nowMs += 5_000;
    probe = async () => 'cannot_connect';
    expect(await readiness.report()).toMatchObject({ ready: false, databases: { src_shop: 'away' } });
    probe = async () => undefined;
    nowMs += 4_999;
    expect(await readiness.report()).toMatchObject({ ready: false });
    expect(probes).toBe(1);
    nowMs += 1;
    expect(await readiness.report()).toEqual(allWell);
    expect(probes).toBe(2);
  });

  test('waits a second for a database and looks once, whoever asks, and learns what comes later', async () => {
    inService();
    nowMs += 5_000;
    let answer: (code: string) => void = () => undefined;
    probe = () =>
      new Promise((resolve) => {
        answer = resolve;
      });
    const reports = Promise.all([readiness.report(), readiness.report()]);
    await vi.advanceTimersByTimeAsync(1_000);
    expect(await reports).toEqual([allWell, allWell]);
    expect(probes).toBe(1);
    answer('cannot_connect');
    await vi.advanceTimersByTimeAsync(0);
    expect(await readiness.report()).toMatchObject({ ready: false, databases: { src_shop: 'away' } });
    expect(vi.getTimerCount()).toBe(0);
  });

  test('goes with the draining, and then nothing is looked at any more', async () => {
    inService();
    nowMs += 5_000;
    drain.abort();
    expect(await readiness.report()).toEqual({ ...allWell, ready: false, draining: true });
    expect(probes).toBe(0);
  });
});

describe('the loops', () => {
  test('turn as long as each begins again within 180 s', () => {
    expect(readiness.isTurning).toBe(true);
    inService();
    nowMs += 179_999;
    expect(readiness.isTurning).toBe(true);
    nowMs += 1;
    expect(readiness.isTurning).toBe(false);
    readiness.observe({ kind: 'turn', sourceId });
    expect(readiness.isTurning).toBe(true);
  });

  test('may wait for a lane, for a database, and for the end', () => {
    const lanes = { taken: 8, room: 0 };
    inService(lanes);
    nowMs += 180_000;
    expect(readiness.isTurning).toBe(true);
    lanes.room = 1;
    expect(readiness.isTurning).toBe(false);
    readiness.observe({ kind: 'database', sourceId, isReachable: false });
    expect(readiness.isTurning).toBe(true);
    readiness.observe({ kind: 'database', sourceId, isReachable: true });
    expect(readiness.isTurning).toBe(false);
    drain.abort();
    expect(readiness.isTurning).toBe(true);
  });
});
