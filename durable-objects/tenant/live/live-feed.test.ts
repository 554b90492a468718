import { beforeEach, describe, expect, test } from 'vitest';
import { head, memberRow, NOW, runnerRow } from '../test-support.ts';
import type { Caller } from '../turn/command.ts';
import { forEachTable } from '../turn/keyed-tables.ts';
import { type Changes, nothingAssumed } from '../turn/rows.ts';
import type { Followed } from './follow-ledger.ts';
import { LiveFeed } from './live-feed.ts';

const HOUR_MS = 3_600_000;
const olivia: Caller = { kind: 'person', person: 'iss olivia' };

/** The object's end of a socket, as the platform has it. */
class FakeSocket {
  readonly sent: string[] = [];
  closed: number | undefined;
  #attachment = 'null';

  send(text: string): void {
    if (this.closed !== undefined) throw new TypeError('the socket is closed');
    this.sent.push(text);
  }

  close(code: number): void {
    this.closed ??= code;
  }

  serializeAttachment(value: unknown): void {
    this.#attachment = JSON.stringify(value);
  }

  deserializeAttachment(): unknown {
    return JSON.parse(this.#attachment);
  }

  get kinds(): readonly string[] {
    return this.sent.map((text) => JSON.parse(text).kind);
  }

  get seqs(): readonly number[] {
    return this.sent.flatMap((text) =>
      (JSON.parse(text).entries ?? []).map(({ seq }: { seq: number }) => seq),
    );
  }
}

/** A turn that records so many entries behind this sequence. */
function turn(after: number, count: number, rows: Partial<Changes['rows']> = {}, subject = 'wrp_1') {
  const entries = Array.from({ length: count }, (_, place) => {
    const seq = after + place + 1;
    const at = new Date(NOW).toISOString();
    const actor = { kind: 'person', id: 'iss olivia' } as const;
    const chain = { prev_hash: '', prev_subject_seq: null, prev_subject_hash: null, hash: `sha256:${seq}` };
    const body = { secret: 'quintessence' };
    const entry = {
      tenant: 'prj_test',
      seq,
      at,
      actor,
      type: 'proposal.approved',
      subject,
      body,
      ...chain,
    } as const;
    return { entry, bodyText: JSON.stringify(body) };
  });
  const through = after + count;
  const changes: Changes = {
    entries,
    proposals: [],
    rows: { ...forEachTable<Changes['rows']>(() => []), ...rows },
    keys: [],
    forgottenKeys: [],
    outdatedCounters: [],
    assumed: nothingAssumed,
    events: [],
    head: { ...head, seq: through, hash: `sha256:${through}` },
  };
  return [{ ...head, seq: after, hash: `sha256:${after}` }, changes] as const;
}

function followed(changes: Partial<Followed> = {}): Followed {
  return {
    head: { seq: 10, hash: 'sha256:10' },
    hidden: [],
    endsAt: NOW + HOUR_MS,
    missed: null,
    ...changes,
  };
}

const platform = (socket: FakeSocket) => socket as object as WebSocket;

let feed: LiveFeed;
beforeEach(() => {
  feed = new LiveFeed([], () => undefined);
});

function opened(changes: Partial<Followed> = {}): FakeSocket {
  const socket = new FakeSocket();
  feed.hold(platform(socket), olivia);
  feed.open(platform(socket), followed(changes), NOW);
  feed.heard(platform(socket), 'ack');
  return socket;
}

describe('a reader', () => {
  test('is told of turns that ended while its place was read, in order and once', () => {
    const socket = new FakeSocket();
    feed.hold(platform(socket), olivia);
    feed.tell(...turn(9, 1), NOW);
    feed.tell(...turn(10, 2), NOW);
    const missed = { after: 8, facts: [], head: { seq: 10, hash: 'sha256:10' }, seen: ['runner-1'] };
    feed.open(platform(socket), followed({ missed }), NOW);
    feed.tell(...turn(12, 1), NOW);
    expect(socket.kinds).toEqual(['hello', 'changes', 'changes', 'ack', 'changes']);
    expect(socket.seqs).toEqual([11, 12, 13]);
  });

  test('whose place takes too long to read is sent back', () => {
    const socket = new FakeSocket();
    feed.hold(platform(socket), olivia);
    for (let after = 10; after <= 74; after += 1) feed.tell(...turn(after, 1), NOW);
    expect(socket.closed).toBe(4004);
    expect(feed.readers).toBe(0);
  });

  test('is told of a large turn in pieces, each of which says where it ends', () => {
    const socket = opened();
    feed.tell(...turn(10, 1_200), NOW);
    const pieces = socket.sent.map((text) => JSON.parse(text)).filter(({ kind }) => kind === 'changes');
    expect(pieces.map(({ after, head: end }) => [after, end.seq, end.hash])).toEqual([
      [10, 510, 'sha256:510'],
      [510, 1_010, 'sha256:1010'],
      [1_010, 1_210, 'sha256:1210'],
    ]);
    expect(socket.sent.join()).not.toContain('quintessence');
  });

  test('hears of a runner that only its row tells of, unless it may not', () => {
    const seen = { before: runnerRow(), after: runnerRow({ last_seen_at: NOW + 1 }) };
    const [open, viewer] = [opened(), opened({ hidden: ['runner'] })];
    const before = viewer.sent.length;
    feed.tell(...turn(10, 0, { runners: [seen] }), NOW);
    expect(JSON.parse(open.sent.at(-1) ?? '')).toMatchObject({ entries: [], seen: [seen.after.runner_id] });
    feed.tell(...turn(10, 0), NOW);
    expect(viewer.sent).toHaveLength(before);
  });

  test('is told nothing once its time is over', () => {
    const socket = opened({ endsAt: NOW + 1_000 });
    const before = socket.sent.length;
    feed.tell(...turn(10, 1), NOW + 999);
    expect(socket.sent).toHaveLength(before + 1);
    feed.tell(...turn(11, 1), NOW + 1_000);
    expect(socket.sent).toHaveLength(before + 1);
    expect(socket.closed).toBe(4000);
  });

  test('is told nothing of the turn that changes what it may see', () => {
    const socket = opened();
    const person = 'iss olivia';
    const same = { before: memberRow({ person }), after: memberRow({ person, name: 'Olive' }) };
    feed.tell(...turn(10, 1, { members: [same] }), NOW);
    expect(socket.seqs).toEqual([11]);
    const changed = {
      before: memberRow({ person, roles: ['owner'] }),
      after: memberRow({ person, roles: ['viewer'] }),
    };
    feed.tell(...turn(11, 1, { members: [changed] }), NOW);
    expect(socket.seqs).toEqual([11]);
    expect(socket.closed).toBe(4001);
  });
});

describe('a reader that does not read', () => {
  test('is asked, and has ten seconds to say that it does', () => {
    const socket = new FakeSocket();
    feed.hold(platform(socket), olivia);
    feed.open(platform(socket), followed(), NOW);
    expect(socket.kinds.at(-1)).toBe('ack');
    feed.tell(...turn(10, 1), NOW + 10_000);
    expect(socket.closed).toBeUndefined();
    feed.tell(...turn(11, 1), NOW + 10_001);
    expect(socket.closed).toBe(4003);
  });

  test('is sent a megabyte, and no more', () => {
    const socket = opened();
    let after = 10;
    while (socket.closed === undefined) {
      feed.tell(...turn(after, 500), NOW);
      after += 500;
    }
    expect(socket.closed).toBe(4003);
    const sent = socket.sent.join('').length;
    expect(sent).toBeGreaterThan(1_048_576);
    expect(sent).toBeLessThan(1_300_000);
  });

  test('but does in the end is sent more, and asked again', () => {
    const socket = opened();
    let after = 10;
    for (let times = 0; times < 40; times += 1) {
      feed.tell(...turn(after, 500), NOW);
      after += 500;
      if (socket.kinds.at(-1) === 'ack') feed.heard(platform(socket), 'ack');
    }
    expect(socket.closed).toBeUndefined();
    expect(socket.sent.join('').length).toBeGreaterThan(1_048_576);
  });

  test.each([
    ['an answer that nobody asked for', 'ack'],
    ['a command', '{"kind":"subscribe"}'],
    ['bytes', new ArrayBuffer(8)],
  ])('is no reader where it says %s', (_what, message) => {
    const socket = opened();
    expect(feed.heard(platform(socket), message)).toBe(true);
    expect(socket.closed).toBe(4005);
    expect(feed.readers).toBe(0);
  });
});

describe('an object that has left memory', () => {
  test('knows its readers again, and asks whether they read', () => {
    const socket = opened();
    const woken = new LiveFeed([platform(socket)], () => undefined);
    expect(woken.readers).toBe(1);
    woken.tell(...turn(10, 1), NOW);
    expect(socket.seqs).toEqual([11]);
    expect(socket.kinds.at(-1)).toBe('ack');
  });

  test('sends back who had not begun, and lets those be that were ended', () => {
    const opening = new FakeSocket();
    feed.hold(platform(opening), olivia);
    const over = opened();
    feed.endAll('project_closed');
    expect(over.closed).toBe(4002);
    const coming = new FakeSocket();
    feed.hold(platform(coming), olivia);
    const woken = new LiveFeed([opening, over, coming].map(platform), () => undefined);
    expect(woken.readers).toBe(0);
    expect(coming.closed).toBe(4004);
    expect(woken.closed(platform(over))).toBe(true);
    expect(woken.closed(platform(new FakeSocket()))).toBe(false);
  });
});
