import {
  ACK,
  LIVE_PROTOCOL,
  type LiveEntry,
  type LiveMessage,
  liveMessageSchema,
  PONG,
} from '@countersign/protocol/live-messages';
import { eventually } from './eventually.ts';
import { must } from './must.ts';
import type { Client } from './tenant.ts';

export interface Opening {
  readonly query?: string;
  readonly headers?: Readonly<Record<string, string>>;
}

export async function liveTicket(client: Client): Promise<string> {
  return String(must(await client.post('/v1/live/tickets')).body.ticket);
}

/** A socket of the live feed as somebody without our client would open it; every message must be of the form that is promised. */
export class LiveSocket {
  readonly socket: WebSocket;
  readonly messages: LiveMessage[] = [];
  readonly closed = Promise.withResolvers<{ readonly code: number; readonly reason: string }>();
  pongs = 0;

  constructor(origin: string, ticket: string, { query = '', headers = {} }: Opening = {}) {
    const url = `${origin.replace('http', 'ws')}/v1/live${query}`;
    // Node's own client takes headers besides what a browser's does.
    this.socket = Reflect.construct(WebSocket, [url, { protocols: [LIVE_PROTOCOL, ticket], headers }]);
    this.socket.addEventListener('message', ({ data }) => this.#take(String(data)));
    this.socket.addEventListener('close', ({ code, reason }) => this.closed.resolve({ code, reason }));
  }

  /** One that is open, and has been told where the ledger ends. */
  static async open(origin: string, client: Client, opening?: Opening): Promise<LiveSocket> {
    const opened = new LiveSocket(origin, await liveTicket(client), opening);
    await opened.until(() => opened.messages.length > 0);
    return opened;
  }

  get entries(): readonly LiveEntry[] {
    return this.messages.flatMap((message) => (message.kind === 'changes' ? message.entries : []));
  }

  /** Where the ledger ends, as far as this socket was told. */
  get head() {
    return this.messages.flatMap((message) => ('head' in message ? [message.head] : [])).at(-1);
  }

  async until(isReached: () => boolean): Promise<void> {
    await eventually(async () => isReached(), Boolean);
  }

  close(): void {
    this.socket.close(1000);
  }

  #take(text: string): void {
    if (text === PONG) {
      this.pongs += 1;
      return;
    }
    const message = liveMessageSchema.parse(JSON.parse(text));
    this.messages.push(message);
    if (message.kind === 'ack') this.socket.send(ACK);
  }
}
