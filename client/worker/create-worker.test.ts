import { once } from 'node:events';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { createWorker, type TaskWorker, type WorkerOptions } from './create-worker.ts';
import { DIGEST, FakeTaskPlane, PLAN, refusal } from './fake-task-plane.ts';
import { TaskFailed } from './task-failed.ts';
import { TaskEnded, type TaskHandler } from './task-handler.ts';
import type { WorkerEvent } from './worker-event.ts';

vi.setConfig({ testTimeout: 30_000 });

let plane: FakeTaskPlane;
let events: WorkerEvent[];
let drain: AbortController;
let giveUp: AbortController;

beforeEach(async () => {
  plane = await FakeTaskPlane.start();
  events = [];
  drain = new AbortController();
  giveUp = new AbortController();
});
afterEach(() => plane.stop());

function workerWith(options: Partial<WorkerOptions> = {}): TaskWorker {
  return createWorker({
    url: plane.url,
    token: 'syn_run_x',
    workerId: 'worker-1',
    onEvent: (event) => events.push(event),
    ...options,
  });
}

const until = (check: () => void) => vi.waitFor(check, { timeout: 15_000 });

/** Does all that there is, and ends. */
async function workThrough(handler: TaskHandler, options: Partial<WorkerOptions> = {}): Promise<void> {
  await workerWith(options).on('echo', handler).run(drain.signal, { isOnce: true });
}

const kinds = () => events.map(({ kind }) => kind);
const eventOf = <Kind extends WorkerEvent['kind']>(kind: Kind) =>
  events.find((event): event is Extract<WorkerEvent, { kind: Kind }> => event.kind === kind);

/** Holds a handler until the test lets it go. */
function gate() {
  let open: () => void = () => undefined;
  let begun: () => void = () => undefined;
  const opened = new Promise<void>((resolve) => {
    open = resolve;
  });
  const isBegun = new Promise<void>((resolve) => {
    begun = resolve;
  });
  return { open: () => open(), opened, begun: () => begun(), isBegun };
}

describe('a worker', () => {
  test('makes itself known, does what it is given, and says what came of it', async () => {
    plane.waiting.push(plane.task('stp_1', { input: { n: 1 } }));
    await workThrough(({ input }) => ({ result: { seen: input.n ?? null }, artifacts: [], steps: [] }));
    expect(plane.said('register')).toMatchObject([
      { runner_id: 'worker-1', engines: [], scope: { project_id: 'token_scope', source_ids: [] } },
    ]);
    expect(plane.said('claim')[0]).toMatchObject({ handlers: ['echo'], limit: 4, lease_seconds: 60 });
    expect(plane.said('complete')).toEqual([
      { runner_id: 'worker-1', claim_id: 'tcl_stp_1', result: { seen: 1 }, artifacts: [], steps: [] },
    ]);
    expect(eventOf('reported')).toMatchObject({ said: 'completed', task_id: 'stp_1', handler: 'echo' });
  });

  test('sends the same words again when the answer to them was lost', async () => {
    plane.waiting.push(plane.task('stp_1'));
    let sent = 0;
    plane.behave = ({ verb }) => {
      if (verb !== 'complete') return undefined;
      sent += 1;
      if (sent === 1) return 'cut';
      return sent === 2 ? refusal(503, 'overloaded', true) : undefined;
    };
    await workThrough(() => ({ result: { n: 1 } }));
    const said = plane.said('complete');
    expect(said).toHaveLength(3);
    expect(new Set(said.map((body) => JSON.stringify(body))).size).toBe(1);
    expect(kinds().filter((kind) => kind === 'report_failed')).toHaveLength(2);
    expect(kinds()).toContain('reported');
  });

  test('has a replaced token taken up while there is time', async () => {
    plane.waiting.push(plane.task('stp_1'));
    let sent = 0;
    plane.behave = ({ verb }) => {
      if (verb !== 'complete') return undefined;
      sent += 1;
      return sent === 1 ? refusal(401, 'token_revoked') : undefined;
    };
    await workThrough(() => ({}));
    expect(plane.said('complete')).toHaveLength(2);
    expect(kinds()).toContain('reported');
  });

  test('stops saying it when its lease has run out, and goes on', async () => {
    plane.leaseMs = 100;
    plane.waiting.push(plane.task('stp_1'));
    plane.leaseMs = 60_000;
    plane.waiting.push(plane.task('stp_2'));
    plane.behave = ({ verb, path }) =>
      verb === 'complete' && path.includes('stp_1') ? refusal(503, 'unavailable', true) : undefined;
    await workThrough(() => ({}), { concurrency: 1 });
    expect(eventOf('report_undelivered')).toMatchObject({ task_id: 'stp_1' });
    expect(eventOf('reported')).toMatchObject({ task_id: 'stp_2' });
  });

  test('takes no more than it can work at', async () => {
    const doors = gate();
    plane.waiting.push(...['stp_1', 'stp_2', 'stp_3', 'stp_4', 'stp_5'].map((id) => plane.task(id)));
    let [now, most] = [0, 0];
    const handler: TaskHandler = async () => {
      now += 1;
      most = Math.max(most, now);
      if (now === 2) doors.begun();
      await doors.opened;
      now -= 1;
      return {};
    };
    const ended = workThrough(handler, { concurrency: 2 });
    await doors.isBegun;
    doors.open();
    await ended;
    expect(most).toBe(2);
    expect(plane.said('complete')).toHaveLength(5);
    expect(plane.said('claim').every(({ limit }) => Number(limit) <= 2)).toBe(true);
  });

  test('gives back what is more than it asked for', async () => {
    const tasks = [plane.task('stp_1'), plane.task('stp_2')];
    plane.behave = ({ verb }) => {
      const server_time = new Date().toISOString();
      return verb === 'claim' ? { body: { tasks: tasks.splice(0), server_time } } : undefined;
    };
    await workThrough(() => ({}), { concurrency: 1 });
    expect(plane.said('return')).toMatchObject([{ claim_id: 'tcl_stp_2', reason: 'busy' }]);
  });

  test('names each handler first in its turn, and claims apart for those with a number of their own', async () => {
    const done: string[] = [];
    const handler: TaskHandler = ({ task_id }) => {
      done.push(task_id);
      return {};
    };
    const worker = workerWith().on('a', handler).on('b', handler).on('c', handler, { atOnce: 1 });
    const ended = worker.run(drain.signal);
    for (const name of ['a', 'b', 'c']) {
      plane.waiting.push(plane.task(name, { plan: { ...PLAN, handler: name } }));
      await until(() => expect(done).toContain(name));
    }
    const claims = () => plane.said('claim').map(({ handlers }) => JSON.stringify(handlers));
    await until(() => expect(claims()).toEqual(expect.arrayContaining(['["a","b"]', '["b","a"]', '["c"]'])));
    drain.abort();
    await ended;
  });

  test('gives back a task that it does not understand, and does the others', async () => {
    const { plan: _plan, ...planless } = plane.task('stp_2');
    plane.waiting.push(
      { ...plane.task('stp_1'), from_the_future: true },
      planless,
      'no task at all',
      plane.task('stp_3'),
    );
    await workThrough(() => ({}));
    expect(plane.said('return')).toMatchObject([
      { claim_id: 'tcl_stp_1', reason: 'not_configured' },
      { claim_id: 'tcl_stp_2', reason: 'not_configured' },
    ]);
    expect(kinds().filter((kind) => kind === 'task_not_understood')).toHaveLength(3);
    expect(plane.said('complete')).toMatchObject([{ claim_id: 'tcl_stp_3' }]);
  });

  test('survives whoever watches it', async () => {
    plane.waiting.push(plane.task('stp_1'));
    await workThrough(() => ({}), {
      onEvent: () => {
        throw new Error('not my day');
      },
    });
    expect(plane.said('complete')).toHaveLength(1);
  });

  test('is refused as a whole where the control plane does not want to know it', async () => {
    plane.behave = ({ verb }) => (verb === 'register' ? refusal(403, 'forbidden') : undefined);
    await expect(workThrough(() => ({}))).rejects.toMatchObject({ code: 'forbidden' });
    expect(plane.said('claim')).toEqual([]);
  });

  test('waits for a control plane that is away', async () => {
    let asked = 0;
    plane.behave = ({ verb }) => {
      if (verb !== 'register') return undefined;
      asked += 1;
      return asked === 1 ? 'cut' : undefined;
    };
    plane.waiting.push(plane.task('stp_1'));
    await workThrough(() => ({}));
    expect(kinds()).toContain('introduction_failed');
    expect(plane.said('complete')).toHaveLength(1);
  });

  test.each([0, 1.5, 1_001])('takes no %s for a number of tasks', (concurrency) => {
    expect(() => workerWith({ concurrency })).toThrow(RangeError);
    expect(() => workerWith().on('a', () => ({}), { atOnce: concurrency })).toThrow(RangeError);
  });

  test('takes one function for each handler, and at least one', async () => {
    expect(() =>
      workerWith()
        .on('a', () => ({}))
        .on('a', () => ({})),
    ).toThrow(RangeError);
    await expect(workerWith().run(drain.signal)).rejects.toThrow(RangeError);
  });
});

describe('a failure', () => {
  test('is said as the handler says it', async () => {
    plane.waiting.push(plane.task('stp_1'));
    await workThrough(() => {
      throw new TaskFailed('too_long', {
        message: 'it has more pages than fit',
        isRetryable: true,
        retryAfterMs: 1_500.2,
      });
    });
    expect(plane.said('fail')).toEqual([
      {
        runner_id: 'worker-1',
        claim_id: 'tcl_stp_1',
        code: 'too_long',
        message: 'it has more pages than fit',
        is_retryable: true,
        retry_after_ms: 1_501,
      },
    ]);
    expect(eventOf('reported')).toMatchObject({ said: 'failed', code: 'too_long' });
  });

  test('of any other kind is said without a word of it, which may be data', async () => {
    plane.waiting.push(plane.task('stp_1'));
    const thrown = new Error('the card 4111 1111 1111 1111 is not valid');
    await workThrough(() => {
      throw thrown;
    });
    expect(plane.said('fail')).toEqual([
      { runner_id: 'worker-1', claim_id: 'tcl_stp_1', code: 'handler_error', is_retryable: true },
    ]);
    expect(eventOf('handler_failed')?.error).toBe(thrown);
  });

  test("with a code that is none is the handler's own fault", async () => {
    plane.waiting.push(plane.task('stp_1'));
    await workThrough(() => {
      throw new TaskFailed('this is a sentence');
    });
    expect(plane.said('fail')).toMatchObject([{ code: 'handler_error' }]);
    expect(kinds()).toContain('handler_failed');
  });

  test('is what becomes of a result that the control plane does not want', async () => {
    plane.waiting.push(plane.task('stp_1'));
    plane.behave = ({ verb }) => (verb === 'complete' ? refusal(422, 'unstorable_text') : undefined);
    await workThrough(() => ({ result: { text: '?' } }));
    expect(kinds()).toContain('report_refused');
    expect(plane.said('fail')).toMatchObject([
      { code: 'result_refused', message: 'the result was refused: unstorable_text', is_retryable: false },
    ]);
  });

  test('is what becomes of a result of another form, by its place and not by its value', async () => {
    plane.waiting.push(plane.task('stp_1'));
    const artifact = { name: 'a', location: 'x', digest: 'secret', size: 1, media_type: 'text/plain' };
    await workThrough(() => ({ artifacts: [artifact] }));
    expect(plane.said('complete')).toEqual([]);
    expect(plane.said('fail')).toMatchObject([
      { code: 'result_refused', message: 'the result was refused: artifacts.0.digest' },
    ]);
  });
});

describe('a claim', () => {
  test.each(['task_canceled', 'claim_expired'])(
    'that is refused a renewal (%s) stops the handler, and nothing is reported',
    async (code) => {
      plane.waiting.push(plane.task('stp_1'));
      plane.behave = ({ verb }) => (verb === 'renew' ? refusal(409, code) : undefined);
      let reason: unknown;
      const handler: TaskHandler = async (_task, { signal }) => {
        await once(signal, 'abort');
        reason = signal.reason;
        throw new Error('stopped');
      };
      await workThrough(handler, { leaseSeconds: 5 });
      expect(reason).toBeInstanceOf(TaskEnded);
      expect(reason).toMatchObject({ code });
      expect(kinds()).toContain('task_lost');
      expect(kinds()).not.toContain('handler_failed');
      for (const verb of ['complete', 'fail', 'return']) expect(plane.said(verb)).toEqual([]);
    },
  );

  test('that cannot be renewed for as long as it lasts is lost too', async () => {
    plane.leaseMs = 1_000;
    plane.waiting.push(plane.task('stp_1'));
    plane.behave = ({ verb }) => (verb === 'renew' ? 'cut' : undefined);
    await workThrough(
      async (_task, { signal }) => {
        await once(signal, 'abort');
        return { result: {} };
      },
      { leaseSeconds: 5 },
    );
    expect(eventOf('renewal_failed')).toBeDefined();
    expect(eventOf('task_lost')).toMatchObject({ code: 'claim_expired' });
    expect(plane.said('complete')).toEqual([]);
  });

  test('is renewed with the newest progress, and one that cannot be stored does not cost the task', async () => {
    plane.waiting.push(plane.task('stp_1'));
    const doors = gate();
    plane.behave = ({ body, verb }) => {
      if (verb !== 'renew') return undefined;
      if (body.progress !== undefined) return refusal(422, 'unstorable_text');
      doors.open();
      return undefined;
    };
    await workThrough(
      async (_task, { progress }) => {
        progress({ percent: 10 });
        progress({ percent: 20, message: 'half of it' });
        await doors.opened;
        return {};
      },
      { leaseSeconds: 5 },
    );
    expect(plane.said('renew')[0]).toMatchObject({ progress: { percent: 20, message: 'half of it' } });
    expect(plane.said('complete')).toHaveLength(1);
  });

  test('that is over when the result comes is an event, and the worker goes on', async () => {
    plane.waiting.push(plane.task('stp_1'), plane.task('stp_2'));
    plane.behave = ({ path, verb }) =>
      verb === 'complete' && path.includes('stp_1') ? refusal(409, 'claim_expired') : undefined;
    await workThrough(() => ({}));
    expect(eventOf('task_lost')).toMatchObject({ task_id: 'stp_1', code: 'claim_expired' });
    expect(eventOf('reported')).toMatchObject({ task_id: 'stp_2' });
    expect(plane.said('fail')).toEqual([]);
  });
});

describe('a claim that brings no work', () => {
  const claims = () => plane.said('claim').length;
  const server_time = new Date().toISOString();
  const ROUNDS = 20;

  /** Works until so many claims have been sent, where the first of them are answered like this. */
  async function claimOften(body: (round: number) => object): Promise<void> {
    plane.behave = ({ verb }) =>
      verb === 'claim' && claims() <= ROUNDS
        ? { body: { tasks: [], server_time, ...body(claims()) } }
        : undefined;
    const working = workerWith()
      .on('echo', () => ({ result: {} }))
      .run(drain.signal);
    await until(() => expect(claims()).toBeGreaterThan(ROUNDS));
    drain.abort();
    await working;
  }

  test('and pings is followed by the next one at once', () => claimOften(() => ({ ping: true })));

  test('tells once that a freeze has begun, and once that it has ended', async () => {
    const since = server_time;
    const frozen = { freeze_id: 'frz_1', kind: 'project', is_stop: true, since, until: null };
    await claimOften((round) => (round < 10 ? { ping: true, frozen } : { ping: true }));
    const freezes = events.filter(({ kind }) => kind === 'frozen' || kind === 'thawed');
    expect(freezes).toEqual([
      { kind: 'frozen', freeze: frozen },
      { kind: 'thawed', freeze: frozen },
    ]);
  });

  test('and holds what cannot be read loses no task beside it', async () => {
    plane.behave = ({ verb }) =>
      verb === 'claim' && claims() === 1
        ? { body: { tasks: [plane.task('stp_1')], frozen: 'yes', ping: 'often', server_time } }
        : undefined;
    await workThrough(() => ({ result: {} }));
    expect(plane.said('complete')).toHaveLength(1);
  });
});

describe('a worker that is to end', () => {
  test('finishes what it holds, and takes nothing more', async () => {
    const doors = gate();
    const ended = workerWith()
      .on('echo', async () => {
        doors.begun();
        await doors.opened;
        return {};
      })
      .run(drain.signal);
    plane.waiting.push(plane.task('stp_1'));
    await doors.isBegun;
    drain.abort();
    plane.waiting.push(plane.task('stp_2'));
    doors.open();
    await ended;
    expect(plane.said('complete')).toMatchObject([{ claim_id: 'tcl_stp_1' }]);
  });

  test('gives back what it was handed meanwhile', async () => {
    plane.waiting.push(plane.task('stp_1'), plane.task('stp_2'));
    const worker = workerWith({
      onEvent: (event) => {
        if (event.kind === 'task_begun') drain.abort();
      },
    });
    await worker.on('echo', () => ({})).run(drain.signal);
    expect(plane.said('complete')).toMatchObject([{ claim_id: 'tcl_stp_1' }]);
    expect(plane.said('return')).toMatchObject([{ claim_id: 'tcl_stp_2', reason: 'draining' }]);
  });

  test('gives back what it holds when it gives up, also from a handler that does not listen', async () => {
    plane.waiting.push(plane.task('stp_1'), plane.task('stp_2'));
    let begun = 0;
    const doors = gate();
    const handler: TaskHandler = async ({ task_id }, { signal }) => {
      begun += 1;
      if (begun === 2) doors.begun();
      if (task_id === 'stp_1') return new Promise(() => undefined);
      await once(signal, 'abort');
      throw new Error('stopped');
    };
    const ended = workerWith().on('echo', handler).run(drain.signal, { giveUp: giveUp.signal });
    await doors.isBegun;
    drain.abort();
    giveUp.abort();
    await ended;
    expect(plane.said('return')).toMatchObject([{ reason: 'draining' }, { reason: 'draining' }]);
    expect(plane.said('fail')).toEqual([]);
  });

  test('ends though nobody hears that it gives back', async () => {
    plane.waiting.push(plane.task('stp_1'));
    plane.behave = ({ verb }) => (verb === 'return' ? 'hang' : undefined);
    const doors = gate();
    const handler: TaskHandler = () => {
      doors.begun();
      return new Promise(() => undefined);
    };
    const ended = workerWith().on('echo', handler).run(drain.signal, { giveUp: giveUp.signal });
    await doors.isBegun;
    drain.abort();
    giveUp.abort();
    await ended;
    expect(kinds()).toContain('return_failed');
  });
});

describe('what steers it', () => {
  const taken = () => events.filter(({ kind }) => kind === 'control_taken');

  test('is read again when an answer says that it has changed, and the worker says which it has', async () => {
    const other = `sha256:${'b'.repeat(64)}`;
    const ended = workerWith({ concurrency: 1 })
      .on('echo', ({ task_id }) => {
        if (task_id === 'stp_1') plane.control = { revision: 2, digest: other };
        if (task_id === 'stp_3') plane.control = { revision: 3, digest: other };
        return {};
      })
      .run(drain.signal);
    await until(() => expect(taken()).toHaveLength(1));
    plane.waiting.push(plane.task('stp_1'), plane.task('stp_2'));
    await until(() => expect(taken()).toHaveLength(2));
    plane.waiting.push(plane.task('stp_3'), plane.task('stp_4'));
    await until(() => expect(taken()).toHaveLength(3));
    drain.abort();
    await ended;
    expect(plane.said('heartbeat')).toEqual([
      { runner_id: 'worker-1', control_digest: DIGEST },
      { runner_id: 'worker-1', control_digest: other },
    ]);
    expect(taken()).toMatchObject([{ revision: 1 }, { revision: 2 }, { revision: 3, digest: other }]);
  });

  test('is read again after trouble, without a reason from outside', async () => {
    let asked = 0;
    plane.behave = ({ verb }) => {
      if (verb !== 'snapshot') return undefined;
      asked += 1;
      return asked === 1 ? refusal(503, 'unavailable', true) : undefined;
    };
    const ended = workerWith()
      .on('echo', () => ({}))
      .run(drain.signal);
    await until(() => expect(taken()).toHaveLength(1));
    drain.abort();
    await ended;
    expect(eventOf('control_failed')).toMatchObject({ failures: 1 });
  });
});
