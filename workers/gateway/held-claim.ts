import { type Address, HELD } from '@countersign/durable-objects/tenant/hold';
import type { Caller } from '@countersign/durable-objects/tenant/turn/command';
import { answer, type Reply } from '@countersign/durable-objects/tenant/turn/reply';
import type { ClaimRequest } from '@countersign/protocol/job-requests';
import { Inbox } from './inbox.ts';
import type { GatewayEnv } from './settings.ts';
import { openHold } from './tenant-calls.ts';

/** How often, about, a held answer gets a blank, to learn whether anybody still listens. */
const PROBE_MS = 1_000;
/** How long a broken connection may take to show after jobs were written to it. */
const DELIVERY_MS = 100;
/** How long the tenant may take to look at its queue. */
const FIRST_LOOK_MS = 20_000;

/**
 * A claim that waits. Outward it is plain HTTP, inward a hibernating socket, so that a tenant with a waiting runner
 * can leave memory. While it waits, the answer's body begins with blanks, which JSON allows and which tell us
 * when the runner has gone; jobs are acknowledged only once they were written to a connection that is still there,
 * and else the tenant takes them back at no cost. `keep` keeps the Worker alive for that.
 */
export async function holdClaim(
  env: GatewayEnv,
  address: Address,
  caller: Caller,
  request: ClaimRequest,
  keep: (work: Promise<unknown>) => void,
): Promise<Reply | ReadableStream> {
  const socket = await openHold(env, { kind: 'claim', address, caller, request });
  if (socket === undefined) return nothing();
  const inbox = new Inbox(socket);
  const first = await inbox.next(FIRST_LOOK_MS);
  if (first === HELD) {
    const { readable, writable } = new TransformStream<Uint8Array, Uint8Array>();
    keep(pump(inbox, new Listener(writable), Date.now() + request.wait_seconds * 1_000));
    return readable;
  }
  if (first === undefined) {
    inbox.close();
    return nothing();
  }
  inbox.send('ack');
  return JSON.parse(first) as Reply;
}

/** Until there are jobs, or the time is over, or nobody listens any more. */
async function pump(inbox: Inbox, listener: Listener, until: number): Promise<void> {
  while (!listener.isGone && !inbox.isOver && Date.now() < until) {
    const message = await inbox.next(Math.min(untilProbe(), until - Date.now()));
    if (message === undefined) {
      await listener.write(' ');
      continue;
    }
    const reply = JSON.parse(message) as Reply;
    await listener.end(JSON.stringify(reply.ok ? reply.body : nothingBody()));
    await scheduler.wait(DELIVERY_MS);
    if (listener.isGone) inbox.close();
    else inbox.send('ack');
    return;
  }
  inbox.close();
  await listener.end(JSON.stringify(nothingBody()));
}

/** Milliseconds. Polls that began together would else be probed together, a thousand at once. */
function untilProbe(): number {
  return PROBE_MS * (0.5 + Math.random());
}

function nothingBody() {
  return { ok: true, jobs: [], server_time: new Date().toISOString() } as const;
}

function nothing(): Reply {
  return answer(nothingBody());
}

/** The client's end of a streamed answer. Nothing here throws: that it is gone is a fact, not a fault. */
class Listener {
  readonly #writer: WritableStreamDefaultWriter<Uint8Array>;
  readonly #encoder = new TextEncoder();
  isGone = false;

  constructor(stream: WritableStream<Uint8Array>) {
    this.#writer = stream.getWriter();
    this.#writer.closed.catch(() => {
      this.isGone = true;
    });
  }

  async write(text: string): Promise<void> {
    await this.#try(() => this.#writer.write(this.#encoder.encode(text)));
  }

  async end(text: string): Promise<void> {
    await this.write(text);
    await this.#try(() => this.#writer.close());
  }

  async #try(action: () => Promise<void>): Promise<void> {
    try {
      await action();
    } catch {
      this.isGone = true;
    }
  }
}
