import { type Database, DurableObject } from 'cloudflare:workers';
import { ROWS_PER_WAKE, ROWS_PER_WRITE } from './limit-rows.ts';

/*
 * What workerd and D1 can do at best, with nothing of the product in the way: the denominators of the bench.
 * No part of the product, and never deployed.
 */

interface Env {
  readonly DB: Database;
  readonly TENANT: { getByName(name: string): LimitsStub };
}

/** The object as the Worker calls it. */
interface LimitsStub {
  noop(): Promise<void>;
  write(): Promise<void>;
  wake(): Promise<void>;
  held(): Promise<number>;
  fetch(url: string, init: RequestInit): Promise<Response & { readonly webSocket: HeldSocket | null }>;
}

/** With its key and its entry in the index, a row of about 600 bytes. */
const BODY = 'x'.repeat(500);

const INSERT_ALL =
  'INSERT INTO limit_rows (tenant, id, status, body) ' +
  'SELECT value ->> 0, value ->> 1, value ->> 2, value ->> 3 FROM json_each(?1)';
const INSERT_ONE = 'INSERT INTO limit_rows (tenant, id, status, body) VALUES (?1, ?2, ?3, ?4)';

type RawRow = readonly [tenant: string, id: string, status: string, body: string];

class LimitsObject extends DurableObject<Env> {
  #waiting: PromiseWithResolvers<void>[] = [];
  #isWriting = false;
  #made = 0;

  /** Nothing: the price of a call. */
  noop(): void {
    return;
  }

  /** Writes rows with group commit: one batch in flight, and meanwhile writers gather for the next. */
  write(): Promise<void> {
    const place = Promise.withResolvers<void>();
    this.#waiting.push(place);
    if (!this.#isWriting) this.ctx.waitUntil(this.#writeGroups());
    return place.promise;
  }

  /** Holds the caller's socket until the next wake; it hibernates meanwhile. */
  async fetch(): Promise<Response> {
    const { 0: outer, 1: inner } = new WebSocketPair();
    this.ctx.acceptWebSocket(inner);
    const upgraded: ResponseInit & { webSocket: HeldSocket } = { status: 101, webSocket: outer };
    return new Response(null, upgraded);
  }

  held(): number {
    return this.#open().length;
  }

  /** Commits a few rows, then answers one held socket. */
  async wake(): Promise<void> {
    const insert = this.env.DB.prepare(INSERT_ONE);
    await this.env.DB.batch(Array.from({ length: ROWS_PER_WAKE }, () => insert.bind(...this.#row())));
    const [socket] = this.#open();
    socket?.send('awake');
    socket?.close(1000, 'answered');
  }

  #open(): HeldSocket[] {
    return this.ctx.getWebSockets().filter(({ readyState }) => readyState === WebSocket.OPEN);
  }

  async #writeGroups(): Promise<void> {
    this.#isWriting = true;
    while (this.#waiting.length > 0) {
      await scheduler.wait(0);
      const group = this.#waiting.splice(0);
      const rows = Array.from({ length: group.length * ROWS_PER_WRITE }, () => this.#row());
      try {
        await this.env.DB.batch([this.env.DB.prepare(INSERT_ALL).bind(JSON.stringify(rows))]);
        for (const place of group) place.resolve();
      } catch (fault) {
        for (const place of group) place.reject(fault);
      }
    }
    this.#isWriting = false;
  }

  /** Keys grow with time, as the product's do: a random key costs several times as much. */
  #row(): RawRow {
    this.#made += 1;
    const id = `${Date.now().toString(36)}${this.#made.toString(36).padStart(8, '0')}`;
    return ['limits', id, 'queued', BODY];
  }
}

// The stack that starts the product's Worker starts this one too, and knows its object by that name.
export { LimitsObject as TenantObject };

const HOLD_URL = 'https://limits/hold';
const UPGRADE = { headers: { upgrade: 'websocket' } };

const worker = {
  async fetch(request: Request, env: Env): Promise<Response> {
    const object = env.TENANT.getByName('limits');
    switch (new URL(request.url).pathname) {
      case '/noop':
        await object.noop();
        return new Response('done');
      case '/write':
        await object.write();
        return new Response('done');
      case '/wake':
        await object.wake();
        return new Response('done');
      case '/held':
        return Response.json(await object.held());
      case '/hold':
        return new Response(await nextMessage((await object.fetch(HOLD_URL, UPGRADE)).webSocket));
      default:
        return new Response('no such path', { status: 404 });
    }
  },
};

// biome-ignore lint/style/noDefaultExport: workerd takes the handlers of a Worker from its default export.
export { worker as default };

function nextMessage(webSocket: HeldSocket | null): Promise<string> {
  return new Promise((resolve, reject) => {
    if (webSocket === null) return reject(new Error('the object gave no socket'));
    webSocket.accept();
    webSocket.addEventListener('message', ({ data }) => resolve(String(data)));
    webSocket.addEventListener('close', () => reject(new Error('the socket closed without a word')));
  });
}
