import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { FakePlane, problem } from '../testing/fake-plane.ts';
import { type Circumstances, runCli } from '../testing/run-cli.ts';

let plane: FakePlane;
let folder: string;
/** What the world's clock shows; a pause moves it. */
let now: number;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'countersign-fleet-'));
});
afterAll(() => rm(folder, { recursive: true }));
beforeEach(async () => {
  plane = await FakePlane.start();
  now = Date.parse('2026-11-21T12:00:00Z');
});
afterEach(() => plane.stop());

const cli = (args: readonly string[], circumstances: Circumstances = {}) =>
  runCli(['fleet', ...args], {
    environment: {
      COUNTERSIGN_URL: plane.url,
      COUNTERSIGN_TOKEN: 'token-of-otto',
      COUNTERSIGN_PROJECT: 'prj_1',
      COUNTERSIGN_CONFIG_DIR: folder,
    },
    now: () => now,
    pause: async (milliseconds) => {
      now += milliseconds;
    },
    ...circumstances,
  });

const asked = () => plane.seen.map(({ line }) => line.split('?')[0]);

const online = {
  runner_id: 'billing-1',
  status: 'online',
  runner_version: '0.1.0',
  source_ids: ['src_billing'],
  control_digest: `sha256:3f9a21bc${'0'.repeat(56)}`,
  started_at: '2026-11-20T09:00:00Z',
  last_seen_at: '2026-11-21T12:00:00Z',
  is_polling: true,
  active_leases: { jobs: 2, actions: 1, tasks: 0 },
  safe_to_stop: false,
};
const stale = {
  ...online,
  runner_id: 'billing-2',
  status: 'stale',
  is_polling: false,
  last_seen_at: '2026-11-21T11:30:00Z',
  active_leases: { jobs: 0, actions: 0, tasks: 0 },
};
const stop = {
  freeze_id: 'frz_1',
  scope: { kind: 'project' },
  is_stop: true,
  reason: 'the refunds look wrong',
  placed_by_name: 'Ada',
  placed_at: '2026-11-21T11:59:00Z',
  until: null,
  state: 'in_force',
};
const quiet = { is_stopped: false, freezes: [] };

/** A fleet to look at. */
function given(runners: readonly object[], freezes: object = quiet): void {
  plane.on('GET /v1/freezes', { body: freezes });
  plane.on('GET /v1/runners', { body: { runners } });
  plane.on('GET /v1/engine/health', { body: { depths: { queued: 3, leased: 0 } } });
}

describe('fleet status', () => {
  test('has the runners on one screen: since when, with what, holding what', async () => {
    given([online, stale, { ...stale, runner_id: 'billing-0', status: 'archived' }]);
    const { code, out } = await cli(['status']);
    expect(code).toBe(0);
    expect(out).toContain('nothing holds work back\n');
    expect(out).toMatch(/^billing-1 +online +0\.1\.0 +1d3h +src_billing +3 +no +now +3f9a21bc$/m);
    expect(out).toMatch(/^billing-2 +stale +0\.1\.0 +- +src_billing +0 +no +30m ago/m);
    expect(out).not.toContain('billing-0');
    expect(out).toContain('\n1 online, 1 stale, 1 archived\n');
  });

  test('says what waits, and nothing of it to who may see runners only', async () => {
    given([online]);
    expect((await cli(['status'])).out).toContain('\nchanges: 3 queued\n');
    plane.on('GET /v1/engine/health', problem(403, 'forbidden', 'no'));
    const { code, out } = await cli(['status']);
    expect(code).toBe(0);
    expect(out).not.toContain('changes:');
  });

  test('begins with a stop, whatever else is frozen', async () => {
    const freeze = { ...stop, freeze_id: 'frz_0', is_stop: false };
    given([online], { is_stopped: true, freezes: [freeze, stop] });
    const { out } = await cli(['status']);
    expect(out.split('\n')[0]).toBe('STOPPED: no work is handed out, and no write begins');
    expect(out).toContain(
      'frz_1  stop of the project\n  since 2026-11-21 11:59Z by Ada, until it is lifted\n',
    );
  });

  test('does not call everything stopped for one runner that is, or for a freeze that is lifted', async () => {
    const mark = { freeze_id: 'frz_1', is_stop: true };
    const ofOne = { ...stop, scope: { kind: 'runner', id: 'billing-1' } };
    given([{ ...online, frozen: mark }], {
      is_stopped: true,
      freezes: [ofOne, { ...stop, freeze_id: 'frz_2', is_stop: false, state: 'lifting' }],
    });
    const { out } = await cli(['status']);
    expect(out).toContain('a part of the work is held back\n');
    expect(out).toMatch(/billing-1 +online,/);
    expect(out).toContain('STOPPED');
    expect(out).toContain('frz_2  the project, being lifted\n');
  });

  test('reads every page of the runners', async () => {
    given([]);
    plane.on(
      'GET /v1/runners',
      { body: { runners: [online], next_cursor: 'billing-1' } },
      { body: { runners: [stale], next_cursor: null } },
    );
    const document = JSON.parse((await cli(['status', '--json'])).out);
    expect(document.runners).toMatchObject([{ runner_id: 'billing-1' }, { runner_id: 'billing-2' }]);
    expect(plane.seen.map(({ line }) => line)).toContainEqual(expect.stringContaining('cursor=billing-1'));
  });
});

describe('fleet status --live', () => {
  const BETWEEN_LOOKS_MS = 3_000;

  /** Stops looking after so many looks, as Ctrl-C does. */
  function looks(count: number, circumstances: Circumstances = {}) {
    const stopped = new AbortController();
    let left = count;
    return {
      signal: stopped.signal,
      pause: async (milliseconds) => {
        if (milliseconds === BETWEEN_LOOKS_MS) left -= 1;
        if (left > 0) return;
        stopped.abort();
        throw stopped.signal.reason;
      },
      ...circumstances,
    } satisfies Circumstances;
  }

  test('prints a line of JSON for each look, and ends well when somebody has seen enough', async () => {
    given([online]);
    const { code, out } = await cli(['status', '--live', '--json'], looks(3));
    expect(code).toBe(0);
    const lines = out.trimEnd().split('\n');
    const depths = { depths: { queued: 3, leased: 0 } };
    expect(lines.map((line) => JSON.parse(line))).toEqual(
      Array(3).fill({
        at: '2026-11-21T12:00:00.000Z',
        is_stopped: false,
        freezes: [],
        runners: [online],
        depths,
      }),
    );
  });

  test('draws on a terminal; elsewhere each look is a line', async () => {
    given([online]);
    const { code, out } = await cli(['status', '--live'], looks(2, { isTerminal: true }));
    expect(code).toBe(0);
    expect(out.split('\u001b[H')).toHaveLength(3);
    expect(await cli(['status', '--live'], looks(2))).toMatchObject({
      code: 0,
      out: '2026-11-21T12:00:00.000Z nothing holds work back; 1 online; changes: 3 queued\n'.repeat(2),
    });
  });

  test('looks past what may pass: what was seen last stays, and it is said that it is old', async () => {
    given([online]);
    const busy = problem(503, 'overloaded', 'busy');
    // A read is sent three times before it has failed.
    plane.on('GET /v1/freezes', { body: quiet }, busy, busy, busy, { body: quiet });
    const { out } = await cli(['status', '--live'], looks(3, { isTerminal: true }));
    const [, first = '', second = '', third = ''] = out.split('\u001b[H');
    expect([first, second, third].map((drawn) => drawn.includes('billing-1'))).toEqual([true, true, true]);
    expect([first, second, third].map((drawn) => drawn.includes('NOT SEEN NOW'))).toEqual([
      false,
      true,
      false,
    ]);
    expect(second).toMatch(/seen 0s ago; busy/);
  });

  test('ends where looking will not help', async () => {
    given([online]);
    plane.on('GET /v1/freezes', problem(403, 'forbidden', 'no'));
    expect(await cli(['status', '--live', '--json'], looks(3))).toMatchObject({ code: 3, out: '' });
  });
});

describe('fleet ping', () => {
  test.each([
    [{ is_polling: true, round_trip_ms: 12 }, 0, 'billing-1 answered in 12 ms\n'],
    [{ is_polling: true, round_trip_ms: null }, 1, 'billing-1 did not come back within 10 s\n'],
    [{ is_polling: false, round_trip_ms: null }, 1, 'billing-1 holds no poll, so it cannot be asked\n'],
  ])('says what came of it: %j', async (answer, code, out) => {
    plane.on('POST /v1/runners/billing-1/ping', { body: answer });
    expect(await cli(['ping', 'billing-1'])).toMatchObject({ code, out });
    expect(JSON.parse((await cli(['ping', 'billing-1', '--json'])).out)).toEqual(answer);
  });
});

describe('fleet drain --wait', () => {
  const draining = { ...online, status: 'draining' };
  const idle = { jobs: 0, actions: 0, tasks: 0 };
  const seen = (...runners: readonly object[]) =>
    plane.on('GET /v1/runners/billing-1', ...runners.map((runner) => ({ body: { runner } })));
  const drain = (...more: string[]) => cli(['drain', 'billing-1', '--wait', ...more]);
  beforeEach(() => plane.on('POST /v1/runners/billing-1/drain', { body: {} }));

  test('says what it still holds, once for each change, until it is safe to stop', async () => {
    const one = { ...draining, active_leases: { ...idle, jobs: 1 } };
    seen(draining, one, one, { ...draining, active_leases: idle, safe_to_stop: true });
    expect(await drain()).toMatchObject({
      code: 0,
      out: [
        'billing-1 holds 2 jobs, 1 action\n',
        'billing-1 holds 1 job\n',
        'billing-1 holds nothing\n',
        'billing-1 is safe to stop\n',
      ].join(''),
    });
  });

  test('ends when its time is over, with what it then holds', async () => {
    seen(draining);
    const { code, err, out } = await drain('--timeout', '60', '--json');
    expect(code).toBe(1);
    expect(JSON.parse(out)).toMatchObject({ runner: { active_leases: { jobs: 2 }, safe_to_stop: false } });
    expect(err).toBe('billing-1 holds 2 jobs, 1 action\n');
    expect(now - Date.parse('2026-11-21T12:00:00Z')).toBe(60_000);
  });

  test('ends when somebody puts it back into service', async () => {
    seen(draining, { ...online, active_leases: idle });
    const { code, out } = await drain();
    expect({ code, last: out.trimEnd().split('\n').at(-1) }).toEqual({
      code: 1,
      last: 'billing-1 was put back into service meanwhile',
    });
  });
});

describe('fleet freeze', () => {
  test('--for counts from now', async () => {
    plane.on('POST /v1/freezes', {
      body: { freeze: stop, server_time: 'now', no_write_begins_after: 'soon' },
    });
    expect(await cli(['freeze', 'project', '--reason', 'r', '--for', '1h30m'])).toMatchObject({ code: 0 });
    expect(plane.seen[0]?.body).toMatchObject({ until: '2026-11-21T13:30:00.000Z' });
  });
});

describe('fleet stop', () => {
  test('asks nobody', async () => {
    plane.on('POST /v1/stop', {
      body: { freeze: stop, server_time: 'now', no_write_begins_after: 'soon' },
    });
    const ask = () => Promise.reject(new Error('nobody is to be asked'));
    expect(await cli(['stop', '--reason', 'r'], { ask, isTerminal: true })).toMatchObject({ code: 0 });
  });
});

describe('fleet lift', () => {
  const lift = ['lift', 'frz_1', '--reason', 'a false alarm'];
  beforeEach(() => {
    plane.on('GET /v1/freezes', { body: { is_stopped: true, freezes: [stop] } });
    plane.on('POST /v1/freezes/frz_1/lift', { body: { freeze: stop } });
  });

  test('shows the freeze, and lifts it when somebody types so', async () => {
    const { code, err, out } = await cli(lift, { typed: 'lift' });
    expect(code).toBe(0);
    expect(out).toContain('stop of the project');
    expect(out).toContain('the refunds look wrong');
    expect(err).toBe('Type lift to lift frz_1: ');
    expect(out).toMatch(/\nfrz_1 is lifted\n$/);
    expect(plane.seen.at(-1)?.body).toEqual({ reason: 'a false alarm' });
  });

  test.each([
    [{ typed: 'no' }, 1],
    [{}, 2],
  ])('lifts nothing without that: %j', async (circumstances, code) => {
    expect(await cli(lift, circumstances)).toMatchObject({ code });
    expect(asked()).toEqual(['GET /v1/freezes']);
  });

  test('asks nobody with --yes', async () => {
    expect(await cli([...lift, '--yes'])).toMatchObject({ code: 0 });
  });

  test('knows no other freeze', async () => {
    const { code, err } = await cli(['lift', 'frz_2', '--reason', 'r', '--yes']);
    expect({ code, asked: asked() }).toEqual({ code: 1, asked: ['GET /v1/freezes'] });
    expect(err).toContain('no freeze frz_2');
  });
});
