import { type Address, type Held, type HeldClaim, heldIn } from '@countersign/durable-objects/tenant/hold';
import type { Caller } from '@countersign/durable-objects/tenant/turn/command';
import { type Answer, answer, type Reply } from '@countersign/durable-objects/tenant/turn/reply';
import type { LimitMark } from '@countersign/protocol/limits';
import { Inbox } from './inbox.ts';
import type { GatewayEnv } from './settings.ts';
import { openHold } from './tenant-calls.ts';

/** How often, about, a held answer gets a blank, to learn whether anybody still listens. */
const PROBE_MS = 1_000;
/** How long a broken connection may take to show after jobs were written to it. */
const DELIVERY_MS = 100;
const CONFIRM_MS = 20;
/** How long the tenant may take to look at its queue. */
const FIRST_LOOK_MS = 20_000;

/** A held answer's body, and what kind of content it is. */
export interface HeldBody {
  readonly stream: ReadableStream;
  readonly type: typeof JSON_BODY | typeof LINES | 'application/zip' | 'application/gzip';
  /** For an answer that is kept as a file. */
  readonly fileName?: string;
  /** Limits that asking for it has used up most of. */
  readonly near?: readonly LimitMark[];
}

const JSON_BODY = 'application/json';
/** Asked for by clients that take the first line for the answer and read on to the end. */
const LINES = 'application/x-ndjson';

export function takesLines({ headers }: Request): boolean {
  return headers.get('accept')?.includes(LINES) === true;
}

/**
 * A claim that waits. Outward it is plain HTTP, inward a hibernating socket, so that a tenant with a waiting runner
 * can leave memory. While it waits, the answer's body begins with blanks, which JSON allows and which tell us
 * when the runner has gone; jobs are acknowledged only once they were written to a connection that is still there,
 * and else the tenant takes them back at no cost. `keep` keeps the Worker alive for that.
 *
 * A connection that broke just before shows only when more is written to it than the answer. JSON ends there, so for
 * a client that takes lines another one follows, which says nothing.
 */
export async function holdClaim(
  env: GatewayEnv,
  address: Address,
  caller: Caller,
  claim: HeldClaim,
  { isLined, keep }: { readonly isLined: boolean; keep(work: Promise<unknown>): void },
): Promise<Reply | HeldBody> {
  const nothing = () => answer(emptyAnswer(claim));
  const opened = await openHold(env, { kind: 'claim', address, caller, claim });
  if (opened === undefined) return nothing();
  if ('ok' in opened) return opened;
  const { near, socket } = opened;
  const inbox = new Inbox(socket);
  const first = await inbox.next(FIRST_LOOK_MS);
  const held = first === undefined ? undefined : heldIn(first);
  if (held !== undefined) {
    const { readable, writable } = new TransformStream<Uint8Array, Uint8Array>();
    const until = Date.now() + claim.request.wait_seconds * 1_000;
    keep(
      pump(inbox, new Listener(writable), {
        until,
        isLined,
        nothingBody: () => emptyAnswer(claim, held),
      }),
    );
    return { stream: readable, type: isLined ? LINES : JSON_BODY, near };
  }
  if (first === undefined) {
    inbox.close();
    return nothing();
  }
  inbox.send('ack');
  const reply = JSON.parse(first) as Reply;
  return reply.ok ? { ...reply, near } : reply;
}

interface Pumping {
  /** Unix milliseconds. */
  readonly until: number;
  readonly isLined: boolean;
  /** What an answer says that found nothing. */
  nothingBody(): Answer;
}

/** Until there are jobs, or the time is over, or nobody listens any more. */
async function pump(
  inbox: Inbox,
  listener: Listener,
  { until, isLined, nothingBody }: Pumping,
): Promise<void> {
  while (!listener.isGone && !inbox.isOver && Date.now() < until) {
    const message = await inbox.next(Math.min(untilProbe(), until - Date.now()));
    if (message === undefined) {
      await listener.write(' ');
      continue;
    }
    const reply = JSON.parse(message) as Reply;
    await listener.write(JSON.stringify(reply.ok ? reply.body : nothingBody()));
    if (isLined) await listener.write('\n');
    else await listener.end();
    await scheduler.wait(DELIVERY_MS);
    if (isLined) await listener.confirm();
    if (listener.isGone) inbox.close();
    else inbox.send('ack');
    await listener.end();
    return;
  }
  inbox.close();
  await listener.write(JSON.stringify(nothingBody()));
  await listener.end();
}

/** Milliseconds. Polls that began together would else be probed together, a thousand at once. */
function untilProbe(): number {
  return PROBE_MS * (0.5 + Math.random());
}

const nothingOf = {
  claim: 'jobs',
  'claim-rehearsals': 'rehearsals',
  'claim-actions': 'actions',
  'claim-tasks': 'tasks',
} as const satisfies Record<HeldClaim['type'], string>;

function emptyAnswer({ type }: HeldClaim, held: Held = {}): Answer {
  return { ok: true, [nothingOf[type]]: [], ...held, server_time: new Date().toISOString() };
}

/** The client's end of a streamed answer. Nothing here throws: that it is gone is a fact, not a fault. */
class Listener {
  readonly #writer: WritableStreamDefaultWriter<Uint8Array>;
  readonly #encoder = new TextEncoder();
  isGone = false;
  #isEnded = false;

  constructor(stream: WritableStream<Uint8Array>) {
    this.#writer = stream.getWriter();
    this.#writer.closed.catch(() => {
      this.isGone = true;
    });
  }

  async write(text: string): Promise<void> {
    await this.#try(() => this.#writer.write(this.#encoder.encode(text)));
  }

  /** Writes what says nothing, and gives the connection time to refuse it. */
  async confirm(): Promise<void> {
    await this.write('\n');
    await scheduler.wait(CONFIRM_MS);
  }

  async end(): Promise<void> {
    if (this.#isEnded) return;
    this.#isEnded = true;
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
