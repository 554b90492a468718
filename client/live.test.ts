import type { LiveEntry, LiveHead } from '@countersign/protocol/live-messages';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { ApiError } from './api-error.ts';
import { FakeLiveMeans } from './fake-live-means.ts';
import { type LiveState, watchLive } from './live.ts';
import type { LiveFrom } from './live-connection.ts';

const CONNECTION = { url: 'https://plane.example.com', userAgent: 'test/1', projectId: 'prj_1' };
const HOUR_MS = 3_600_000;

const head = (seq: number): LiveHead => ({ seq, hash: `sha256:${seq}` });
const at = '2027-01-15T00:00:00.000Z';
const entry = (seq: number): LiveEntry => ({
  seq,
  at,
  kind: 'proposal.submitted',
  proposal_id: `wrp_${seq}`,
});
const changes = (after: number, through: number) =>
  ({
    kind: 'changes',
    after,
    entries: Array.from({ length: through - after }, (_, place) => entry(after + place + 1)),
    head: head(through),
  }) as const;

let world: FakeLiveMeans;
let told: string[];
let states: LiveState[];
let stop: AbortController;
let watching: Promise<unknown>;

beforeEach(() => {
  world = new FakeLiveMeans();
  told = [];
  states = [];
  stop = new AbortController();
});
afterEach(async () => {
  stop.abort();
  await watching;
});

/** Begins to watch; how it ends is looked at by those tests that it matters to. */
async function watch(from?: LiveFrom): Promise<void> {
  const listener = {
    state: (state: LiveState) => states.push(state),
    reset: ({ seq }: LiveHead) => told.push(`reset ${seq}`),
    changed: ({ entries, seen }: { entries: readonly LiveEntry[]; seen: readonly string[] }) =>
      told.push(...entries.map(({ seq }) => `entry ${seq}`), ...seen.map((runner) => `seen ${runner}`)),
  };
  const { means } = world;
  watching = watchLive({ connection: CONNECTION, from, listener, means, signal: stop.signal }).catch(
    (fault: unknown) => fault,
  );
  await world.pass(0);
}

function greet(seq: number, livesMs = HOUR_MS): void {
  const ends_at = new Date(Date.parse(at) + livesMs).toISOString();
  world.socket.say({ kind: 'hello', head: head(seq), at, ends_at });
}

const kinds = () => states.map(({ kind }) => kind);

describe('watching', () => {
  test('opens a socket with a ticket that stands in no address', async () => {
    await watch({ seq: 7, hash: 'sha256:7' });
    const { protocols, url } = world.socket;
    expect(url.href).toBe('wss://plane.example.com/v1/live?project_id=prj_1&after=7&hash=sha256%3A7');
    expect(protocols).toEqual(['countersign.live.v1', 'ticket-1']);
  });

  test('from nowhere begins with a reset, and tells what comes later', async () => {
    await watch();
    greet(5);
    world.socket.say(changes(5, 7));
    world.socket.say({ kind: 'changes', after: 7, entries: [], head: head(7), seen: ['runner-1'] });
    expect(told).toEqual(['reset 5', 'entry 6', 'entry 7', 'seen runner-1']);
    expect(kinds()).toEqual(['connecting', 'live']);
  });

  test('tells no entry twice, and says that it reads where it is asked', async () => {
    await watch({ seq: 5 });
    greet(8);
    world.socket.say(changes(5, 8));
    world.socket.say(changes(6, 8));
    world.socket.say(changes(7, 9));
    world.socket.say({ kind: 'ack' });
    expect(told).toEqual(['entry 6', 'entry 7', 'entry 8', 'entry 9']);
    expect(world.socket.heard).toEqual(['ack']);
  });

  test('ends when the signal aborts, wherever it is', async () => {
    await watch();
    greet(5);
    stop.abort();
    expect(await watching).toBeUndefined();
    expect(world.socket.isClosed).toBe(true);
    expect(kinds()).toEqual(['connecting', 'live']);
  });

  test('ends with what a listener throws', async () => {
    const fault = new TypeError('the page is broken');
    const listener = {
      state: () => undefined,
      changed: () => undefined,
      reset: () => {
        throw fault;
      },
    };
    watching = watchLive({ connection: CONNECTION, listener, means: world.means, signal: stop.signal });
    watching = watching.catch((thrown: unknown) => thrown);
    await world.pass(0);
    greet(5);
    expect(await watching).toBe(fault);
  });
});

describe('a connection that is lost', () => {
  test('is told with its time and the next try, and goes on behind what is known', async () => {
    await watch({ seq: 5 });
    greet(6);
    world.socket.say(changes(5, 6));
    const lostAt = world.now;
    world.socket.close(1006);
    await world.pass(0);
    const nextTryAt = lostAt + 250;
    expect(states.at(-1)).toEqual({
      kind: 'disconnected',
      since: lostAt,
      nextTryAt,
      code: 'connection_lost',
    });
    await world.pass(249);
    expect(world.sockets).toHaveLength(1);
    await world.pass(1);
    expect(states.at(-1)).toEqual({ kind: 'connecting', since: lostAt });
    expect(world.socket.url.searchParams.get('after')).toBe('6');
    expect(world.socket.url.searchParams.get('hash')).toBe('sha256:6');
    expect(world.tickets).toHaveLength(2);
    greet(9);
    world.socket.say(changes(6, 9));
    expect(states.at(-1)).toEqual({ kind: 'live' });
    expect(told).toEqual(['entry 6', 'entry 7', 'entry 8', 'entry 9']);
  });

  test('is tried again later and later, and says since when', async () => {
    await watch({ seq: 5 });
    greet(5);
    const lostAt = world.now;
    world.socket.close(1006);
    const waits: number[] = [];
    for (let tries = 0; tries < 8; tries += 1) {
      await world.pass(0);
      const state = states.at(-1);
      if (state?.kind !== 'disconnected' || state.nextTryAt === null)
        throw new TypeError('it waits for nothing');
      expect(state.since).toBe(lostAt);
      waits.push(state.nextTryAt - world.now);
      await world.pass(state.nextTryAt - world.now);
      world.socket.close(1006);
    }
    expect(waits).toEqual([250, 500, 1_000, 2_000, 4_000, 7_500, 7_500, 7_500]);
  });

  test('that only fell silent is noticed', async () => {
    await watch({ seq: 5 });
    greet(5);
    await world.pass(20_000);
    expect(world.socket.heard).toEqual(['ping']);
    world.socket.say('pong');
    await world.pass(29_999);
    expect(kinds()).toEqual(['connecting', 'live']);
    await world.pass(1);
    expect(kinds()).toEqual(['connecting', 'live', 'disconnected']);
    expect(world.sockets[0]?.isClosed).toBe(true);
  });

  test('and one that never begins is given up', async () => {
    await watch({ seq: 5 });
    await world.pass(10_000);
    expect(kinds()).toEqual(['connecting', 'disconnected']);
  });

  test.each([
    ['a gap', changes(7, 8)],
    ['a message that is none', '{"kind":"changes","after":5}'],
    ['no JSON', 'hello'],
  ])('is what %s means, and nothing of it is told', async (_what, message) => {
    await watch({ seq: 5 });
    greet(8);
    world.socket.say(message);
    await world.pass(250);
    expect(told).toEqual([]);
    expect(world.sockets).toHaveLength(2);
    expect(world.socket.url.searchParams.get('after')).toBe('5');
  });
});

describe('coming back', () => {
  test('when the time of the token is over takes no pause, and shows no disconnection', async () => {
    await watch({ seq: 5 });
    greet(5, 60_000);
    for (let beat = 0; beat < 5; beat += 1) {
      await world.pass(11_000);
      world.socket.say('pong');
    }
    expect(world.sockets).toHaveLength(1);
    await world.pass(5_000);
    expect(world.sockets).toHaveLength(2);
    greet(5);
    await world.pass(10_000);
    world.socket.close(4000);
    await world.pass(0);
    expect(world.sockets).toHaveLength(3);
    expect(kinds()).toEqual(['connecting', 'live', 'connecting', 'live', 'connecting']);
  });

  test('with a token that is over already is no race', async () => {
    await watch({ seq: 5 });
    world.socket.close(4000);
    await world.pass(0);
    expect(kinds()).toEqual(['connecting', 'disconnected']);
  });

  test('too late begins with a reset, and goes on from there', async () => {
    await watch({ seq: 5 });
    greet(5_000);
    world.socket.say({ kind: 'reset', head: head(5_000) });
    world.socket.say(changes(5_000, 5_001));
    expect(told).toEqual(['reset 5000', 'entry 5001']);
  });

  test('waits as long as the plane asks for, while its trouble may pass', async () => {
    const facts = { status: 429, code: 'limit_reached', retryable: true, retryAfterMs: 30_000 };
    world.faults.push(new ApiError('full', facts));
    await watch({ seq: 5 });
    expect(states.at(-1)).toMatchObject({
      kind: 'disconnected',
      code: 'limit_reached',
      nextTryAt: world.now + 30_000,
    });
    await world.pass(30_000);
    expect(world.sockets).toHaveLength(1);
  });

  test('ends where it cannot help, and says so', async () => {
    await watch({ seq: 5 });
    greet(5);
    const refused = new ApiError('gone', { status: 404, code: 'project_not_found', retryable: false });
    world.faults.push(refused);
    world.socket.close(4001);
    await world.pass(250);
    expect(await watching).toBe(refused);
    expect(states.at(-1)).toMatchObject({ kind: 'disconnected', code: 'project_not_found', nextTryAt: null });
  });
});
