import { evictDurableObject, runDurableObjectAlarm, runInDurableObject } from 'cloudflare:test';
import { env } from 'cloudflare:workers';
import { type Address, HOLD_HEADER, type Hold, heldIn } from '@countersign/durable-objects/tenant/hold';
import type { Ask, Caller } from '@countersign/durable-objects/tenant/turn/command';
import type { Answer, Reply } from '@countersign/durable-objects/tenant/turn/reply';
import { claimRequestSchema } from '@countersign/protocol/job-requests';
import { afterEach, describe, expect, test, vi } from 'vitest';
import { SOURCE } from '../support/change-set.ts';
import { eventually } from '../support/eventually.ts';
import {
  ada,
  answerOf,
  approve,
  claim,
  entryTypes,
  makeTenant,
  propose,
  runner,
  service,
  standing,
} from './made-tenant.ts';

afterEach(() => {
  vi.useRealTimers();
});

const objectOf = ({ tenant }: Address) => env.TENANT.getByName(tenant);

async function ask(address: Address, caller: Caller, what: Ask): Promise<Answer> {
  return answerOf((await objectOf(address).call(address, { caller, ask: what, key: null })) as Reply);
}

/** Moves the clock that the objects of this isolate go by. */
function pass(milliseconds: number): void {
  const now = Date.now();
  vi.useFakeTimers({ toFake: ['Date'], now: now + milliseconds });
}

const alarmOf = (address: Address) =>
  runInDurableObject(objectOf(address), (_, state) => state.storage.getAlarm());

describe('the alarm', () => {
  test('is set for what comes first, and never moved to a later time', async () => {
    const address = await makeTenant();
    const { expires_at, proposal_id } = await ask(address, service, propose({ expires_in_seconds: 600 }));
    expect(await alarmOf(address)).toBe(Date.parse(String(expires_at)));
    await ask(address, service, propose({ expires_in_seconds: 6_000 }));
    expect(await alarmOf(address)).toBe(Date.parse(String(expires_at)));
    await ask(address, ada, approve(String(proposal_id)));
    const { jobs } = await ask(address, runner, claim());
    expect(await alarmOf(address)).toBe(Date.parse(Object(jobs)[0].lease_expires_at));
  });

  test('takes lapsed leases back, and sets itself for what comes next', async () => {
    const address = await makeTenant();
    const { proposal_id } = await ask(address, service, propose({ expires_in_seconds: 600 }));
    await ask(address, ada, approve(String(proposal_id)));
    await ask(address, runner, claim({ lease_seconds: 30 }));
    const next = await ask(address, service, propose({ expires_in_seconds: 700 }));
    pass(30_000);
    expect(await runDurableObjectAlarm(objectOf(address))).toBe(true);
    expect((await entryTypes(address)).at(-1)).toBe('job.lease_expired');
    expect(await alarmOf(address)).toBe(Date.parse(String(next.expires_at)));
  });

  test('that rings too early changes nothing and is set again', async () => {
    const address = await makeTenant();
    const { expires_at } = await ask(address, service, propose({ expires_in_seconds: 600 }));
    expect(await runDurableObjectAlarm(objectOf(address))).toBe(true);
    expect(await entryTypes(address)).toEqual(['proposal.submitted']);
    expect(await alarmOf(address)).toBe(Date.parse(String(expires_at)));
  });

  test('works in an object that has just been started and knows nothing', async () => {
    const address = await makeTenant();
    await ask(address, service, propose({ expires_in_seconds: 10 }));
    await evictDurableObject(objectOf(address));
    pass(10_000);
    expect(await runDurableObjectAlarm(objectOf(address))).toBe(true);
    expect(await standing(address)).toMatchObject({ state: 'expired' });
    expect(await alarmOf(address)).toBeNull();
  });

  test('never gives up: while the record cannot be reached it rings again', async () => {
    const address = await makeTenant();
    await ask(address, service, propose({ expires_in_seconds: 10 }));
    pass(10_000);
    await env.DB.prepare('ALTER TABLE proposals RENAME TO proposals_away').run();
    expect(await runDurableObjectAlarm(objectOf(address))).toBe(true);
    await env.DB.prepare('ALTER TABLE proposals_away RENAME TO proposals').run();
    expect(await alarmOf(address)).toBeGreaterThan(Date.now());
    expect(await runDurableObjectAlarm(objectOf(address))).toBe(true);
    expect(await standing(address)).toMatchObject({ state: 'expired' });
  });

  test('of a tenant that is gone stays silent', async () => {
    const address = await makeTenant();
    await ask(address, service, propose({ expires_in_seconds: 10 }));
    await evictDurableObject(objectOf(address));
    await env.DB.prepare('DELETE FROM heads WHERE tenant = ?1').bind(address.tenant).run();
    pass(10_000);
    expect(await runDurableObjectAlarm(objectOf(address))).toBe(true);
    expect(await alarmOf(address)).toBeNull();
  });
});

/** A claim that is held, from the gateway's end. */
class HeldClaim {
  readonly messages: string[] = [];
  readonly #socket: WebSocket;
  isClosed = false;

  private constructor(socket: WebSocket) {
    this.#socket = socket;
    socket.addEventListener('message', ({ data }) => {
      this.messages.push(String(data));
    });
    socket.addEventListener('close', () => {
      this.isClosed = true;
    });
    socket.accept();
  }

  static async open(address: Address, runnerId: string): Promise<HeldClaim> {
    const request = claimRequestSchema.parse({ source_id: SOURCE, runner_id: runnerId, wait_seconds: 25 });
    const hold: Hold = { kind: 'claim', address, caller: runner, claim: { type: 'claim', request } };
    const headers = { upgrade: 'websocket', [HOLD_HEADER]: encodeURIComponent(JSON.stringify(hold)) };
    const { webSocket } = await objectOf(address).fetch('https://tenant/hold', { headers });
    if (webSocket === null) throw new TypeError('no socket was opened');
    return new HeldClaim(webSocket);
  }

  /** The jobs that it was sent so far. */
  get jobs(): string[] {
    const replies = this.messages
      .filter((message) => heldIn(message) === undefined)
      .map((message) => JSON.parse(message));
    return replies.flatMap(({ body }) => body.jobs.map((job: { proposal_id: string }) => job.proposal_id));
  }

  isHeld(): Promise<boolean> {
    return eventually(async () => this.messages.some((message) => heldIn(message) !== undefined), Boolean);
  }

  hasJobs(): Promise<string[]> {
    return eventually(
      async () => this.jobs,
      (jobs) => jobs.length > 0,
    );
  }

  acknowledge(): void {
    this.#socket.send('ack');
  }

  close(): void {
    this.#socket.close(1000, 'done');
  }
}

/** A tenant with a proposal that waits for ada, and a claim that is held. */
async function waiting(): Promise<{ address: Address; id: string; held: HeldClaim }> {
  const address = await makeTenant();
  const id = String((await ask(address, service, propose())).proposal_id);
  const held = await HeldClaim.open(address, 'r1');
  await held.isHeld();
  return { address, id, held };
}

const untilQueued = (address: Address) =>
  eventually(
    () => standing(address),
    (row) => row?.job_state === 'queued',
  );

describe('a claim that is held', () => {
  test('is handed its job, and keeps it once that is acknowledged', async () => {
    const { address, id, held } = await waiting();
    await ask(address, ada, approve(id));
    expect(await held.hasJobs()).toEqual([id]);
    held.acknowledge();
    await eventually(async () => held.isClosed, Boolean);
    await evictDurableObject(objectOf(address));
    expect(await standing(address)).toEqual({
      state: 'approved',
      job_state: 'leased',
      attempt: 1,
      charged: 0,
    });
  });

  test('survives that the object leaves memory: it is handed the job all the same', async () => {
    const { address, id, held } = await waiting();
    await evictDurableObject(objectOf(address));
    await ask(address, ada, approve(id));
    expect(await held.hasJobs()).toEqual([id]);
    held.acknowledge();
    await eventually(async () => held.isClosed, Boolean);
    expect(await standing(address)).toMatchObject({ job_state: 'leased' });
  });

  test('keeps its place behind those who waited longer, also after that', async () => {
    const { address, id, held } = await waiting();
    const second = await HeldClaim.open(address, 'r2');
    await second.isHeld();
    await evictDurableObject(objectOf(address));
    await ask(address, ada, approve(id));
    expect(await held.hasJobs()).toEqual([id]);
    held.acknowledge();
    const next = String((await ask(address, service, propose())).proposal_id);
    await ask(address, ada, approve(next));
    expect(await second.hasJobs()).toEqual([next]);
    expect(held.jobs).toEqual([id]);
  });

  test('that closes without a word gives its job back at once, at no cost of an attempt', async () => {
    const { address, id, held } = await waiting();
    await ask(address, ada, approve(id));
    await held.hasJobs();
    held.close();
    expect(await untilQueued(address)).toMatchObject({ attempt: 1, charged: 0 });
    expect((await entryTypes(address)).at(-1)).toBe('job.released');
  });

  test('that says nothing more loses its job after a while, also when the object was started anew meanwhile', async () => {
    const { address, id, held } = await waiting();
    await ask(address, ada, approve(id));
    await held.hasJobs();
    await evictDurableObject(objectOf(address));
    await ask(address, service, propose());
    expect(await untilQueued(address)).toMatchObject({ charged: 0 });
    expect(held.isClosed).toBe(true);
  });

  test('that lost its socket with the object gives its job to the next', async () => {
    const { address, id, held } = await waiting();
    await evictDurableObject(objectOf(address), { webSockets: 'close' });
    await eventually(async () => held.isClosed, Boolean);
    await ask(address, ada, approve(id));
    const again = await HeldClaim.open(address, 'r1');
    expect(await again.hasJobs()).toEqual([id]);
    expect(held.jobs).toEqual([]);
  });
});

describe('an object that was started anew', () => {
  test('decides on what is recorded, not on what another remembered', async () => {
    const address = await makeTenant();
    const id = String((await ask(address, service, propose())).proposal_id);
    await ask(address, ada, approve(id));
    await evictDurableObject(objectOf(address));
    const twice = (await objectOf(address).call(address, {
      caller: ada,
      ask: approve(id),
      key: null,
    })) as Reply;
    expect(twice).toMatchObject({ ok: false, refusal: { code: 'proposal_already_decided' } });
    expect((await ask(address, runner, claim())).jobs).toHaveLength(1);
    expect((await ask(address, runner, claim())).jobs).toEqual([]);
  });

  test('writes nothing by starting', async () => {
    const address = await makeTenant();
    await ask(address, service, propose());
    const before = await env.DB.prepare('SELECT * FROM heads WHERE tenant = ?1').bind(address.tenant).first();
    await evictDurableObject(objectOf(address));
    expect((await ask(address, runner, claim())).jobs).toEqual([]);
    expect(
      await env.DB.prepare('SELECT * FROM heads WHERE tenant = ?1').bind(address.tenant).first(),
    ).toEqual(before);
  });

  test('refuses a tenant that nobody made, and sets no alarm for it', async () => {
    const nowhere = { tenant: 'prj_nowhere', shard: 'DB' };
    const reply = (await objectOf(nowhere).call(nowhere, {
      caller: service,
      ask: propose(),
      key: null,
    })) as Reply;
    expect(reply).toMatchObject({ ok: false, refusal: { code: 'project_not_found' } });
    expect(await alarmOf(nowhere)).toBeNull();
  });
});
