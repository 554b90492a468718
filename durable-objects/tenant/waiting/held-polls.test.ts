import { describe, expect, test } from 'vitest';
import { heldMessage } from '../hold.ts';
import { claimedJob } from '../jobs/job-form.ts';
import { LEASE, leasedRow, NOW, SOURCE, submissionOf, TENANT } from '../test-support.ts';
import { answer, refuse } from '../turn/reply.ts';
import { HeldPolls } from './held-polls.ts';
import type { Waiter } from './waiter.ts';

type Used = Pick<WebSocket, 'send' | 'close' | 'serializeAttachment' | 'deserializeAttachment'>;

/** The object's end of a socket, as far as polls use it. */
class FakeSocket implements Used {
  readonly sent: string[] = [];
  closed: string | undefined;
  isBroken = false;
  #attachment = 'null';

  send(message: string | ArrayBuffer | ArrayBufferView): void {
    if (this.isBroken) throw new TypeError('closing');
    this.sent.push(String(message));
  }

  close(_code?: number, reason?: string): void {
    this.closed = reason;
  }

  serializeAttachment(value: unknown): void {
    this.#attachment = JSON.stringify(value);
  }

  deserializeAttachment(): unknown {
    return JSON.parse(this.#attachment);
  }

  get socket(): WebSocket {
    return this as Used as WebSocket;
  }
}

function waiter(waiterId: string, runnerId = 'run_a'): Waiter {
  const actor = { kind: 'runner', id: 'crd_runner' } as const;
  return { waiterId, sourceId: SOURCE, runnerId, actor, limit: 1, leaseSeconds: 30, isAdmitted: false };
}

function pollsOf(...sockets: FakeSocket[]): HeldPolls {
  return new HeldPolls(
    sockets.map(({ socket }) => socket),
    () => undefined,
  );
}

/** Polls that hold these claims, the first since longest. */
function holding(...ids: string[]): { polls: HeldPolls; sockets: FakeSocket[] } {
  const polls = pollsOf();
  const sockets = ids.map((id, place) => {
    const fake = new FakeSocket();
    polls.holdClaim(fake.socket, waiter(id), NOW + place);
    return fake;
  });
  return { polls, sockets };
}

const row = leasedRow();
const jobs = answer({ ok: true, jobs: [claimedJob(TENANT, row, submissionOf(row), NOW)] });
const lease = { kind: 'job', jobId: `wbj_${row.proposal_id}`, leaseId: LEASE, runnerId: 'run_a' };
const answerFor = (waiterId: string) => ({ waiterId, runnerId: 'run_a', reply: jobs });
const ids = (polls: HeldPolls) => polls.waiters().map(({ waiterId }) => waiterId);

describe('a held claim', () => {
  test('waits, longest first, also after the object was out of memory', () => {
    const { polls, sockets } = holding('w1', 'w2');
    expect(ids(polls)).toEqual(['w1', 'w2']);
    expect(ids(pollsOf(...sockets.toReversed()))).toEqual(['w1', 'w2']);
  });

  test('that is admitted is told so, and stays admitted', () => {
    const { polls, sockets } = holding('w1');
    polls.admit([
      { waiterId: 'w1', held: {} },
      { waiterId: 'gone', held: {} },
    ]);
    expect(sockets[0]?.sent).toEqual([heldMessage({})]);
    expect(pollsOf(...sockets).waiters()).toMatchObject([{ waiterId: 'w1', isAdmitted: true }]);
  });

  test('that is sent jobs waits no more, and its leases are remembered until it acknowledges them', () => {
    const { polls, sockets } = holding('w1');
    expect(polls.answer(answerFor('w1'))).toEqual([]);
    expect(ids(polls)).toEqual([]);
    const awake = pollsOf(...sockets);
    expect(awake.unacknowledged()).toEqual(['w1']);
    for (const { socket } of sockets) awake.acknowledge(socket);
    expect(awake.unacknowledged()).toEqual([]);
    expect(sockets.map(({ closed }) => closed)).toEqual(['answered']);
  });

  test('that closes before that gives its leases back, once', () => {
    const { polls, sockets } = holding('w1');
    polls.answer(answerFor('w1'));
    expect(sockets.flatMap(({ socket }) => polls.close(socket))).toEqual([lease]);
    expect(polls.cutOff('w1')).toEqual([]);
  });

  test('that does not acknowledge is cut off and gives its leases back, once', () => {
    const { polls, sockets } = holding('w1');
    polls.answer(answerFor('w1'));
    expect(polls.cutOff('w1')).toEqual([lease]);
    expect(sockets.flatMap(({ socket }) => polls.close(socket))).toEqual([]);
    expect(sockets.map(({ closed }) => closed)).toEqual(['not acknowledged']);
  });

  test('that acknowledged gives nothing back', () => {
    const { polls, sockets } = holding('w1');
    polls.answer(answerFor('w1'));
    for (const { socket } of sockets) polls.acknowledge(socket);
    expect(polls.cutOff('w1')).toEqual([]);
    expect(sockets.flatMap(({ socket }) => polls.close(socket))).toEqual([]);
  });

  test('that is gone when its jobs come gives them back at once', () => {
    const { polls, sockets } = holding('w1');
    for (const { socket } of sockets) polls.close(socket);
    expect(polls.answer(answerFor('w1'))).toEqual([lease]);
  });

  test('whose socket refuses is closed, and the close gives the leases back', () => {
    const { polls, sockets } = holding('w1');
    for (const socket of sockets) socket.isBroken = true;
    expect(polls.answer(answerFor('w1'))).toEqual([]);
    expect(sockets.map(({ closed }) => closed)).toEqual(['not sent']);
    expect(sockets.flatMap(({ socket }) => polls.close(socket))).toEqual([lease]);
  });

  test('that is refused holds no lease', () => {
    const { polls, sockets } = holding('w1');
    polls.answer({ ...answerFor('w1'), reply: refuse('forbidden', 'no') });
    expect(sockets.flatMap(({ socket }) => polls.close(socket))).toEqual([]);
  });

  test('of a runner that is pinged is answered with nothing, and the next one is the way back', async () => {
    const { polls, sockets } = holding('w1');
    const other = new FakeSocket();
    polls.holdClaim(other.socket, waiter('w2', 'run_b'), NOW);
    const back = polls.ping('run_a', NOW);
    const [sent = ''] = sockets[0]?.sent ?? [];
    const server_time = new Date(NOW).toISOString();
    expect(JSON.parse(sent)).toMatchObject({ ok: true, body: { jobs: [], ping: true, server_time } });
    expect(other.sent).toEqual([]);
    polls.holdClaim(new FakeSocket().socket, waiter('w3'), NOW);
    await back;
  });

  test('of a runner that drains is ended, unless its answer is on its way', () => {
    const { polls, sockets } = holding('w1', 'w2');
    polls.answer(answerFor('w1'));
    polls.dismiss(['run_a']);
    expect(sockets.map(({ closed }) => closed)).toEqual([undefined, 'dismissed']);
    expect(polls.unacknowledged()).toEqual(['w1']);
  });
});

describe('a watcher', () => {
  test('is told of its proposal only, and no more once it is gone', () => {
    const polls = pollsOf();
    const [mine, other] = [new FakeSocket(), new FakeSocket()];
    polls.holdWatch(mine.socket, 'p1');
    polls.holdWatch(other.socket, 'p2');
    polls.changed(['p1']);
    polls.close(mine.socket);
    polls.changed(['p1']);
    expect([mine.sent, other.sent]).toEqual([['changed'], []]);
    expect(polls.watches).toBe(1);
  });
});
