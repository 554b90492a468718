import { liveTicketSchema } from '@countersign/protocol/live-requests';
import { type Connection, call } from './http.ts';

/** One socket, as far as the feed needs it. */
export interface LiveSocket {
  send(text: string): void;
  close(): void;
}

/** Told in order; after `closed` nothing more. */
export interface SocketListener {
  message(text: string): void;
  /** @param code of the close; 1006 where there was none, such as for a refused upgrade */
  closed(code: number): void;
}

/** What watching needs of the world: a test gives its own clock, chance and sockets. */
export interface LiveMeans {
  /** Unix milliseconds. */
  now(): number;
  /** A number in [0, 1). */
  random(): number;
  /** Calls once, after so many milliseconds; the function that it returns takes that back. */
  after(milliseconds: number, call: () => void): () => void;
  /** A new ticket, which opens one socket. Throws `ApiError`, or the reason of the signal. */
  ticket(connection: Connection, signal: AbortSignal): Promise<string>;
  open(url: string, protocols: readonly string[], listener: SocketListener): LiveSocket;
}

const NORMAL = 1_000;
const ABNORMAL = 1_006;

/** Of a browser, or of Node: both have the same sockets. */
export const usualMeans: LiveMeans = {
  now: () => Date.now(),
  random: () => Math.random(),
  after: (milliseconds, call) => {
    const timer = setTimeout(call, milliseconds);
    return () => clearTimeout(timer);
  },
  ticket: async (connection, signal) => {
    const route = { method: 'POST', path: '/v1/live/tickets' } as const;
    return (await call(connection, { ...route, body: {}, answer: liveTicketSchema, signal })).ticket;
  },
  open: (url, protocols, listener) => {
    const socket = new WebSocket(url, [...protocols]);
    socket.addEventListener('message', ({ data }) => listener.message(String(data)));
    socket.addEventListener('close', ({ code }) => listener.closed(code));
    // A close may not follow where the connection never was.
    socket.addEventListener('error', () => listener.closed(ABNORMAL));
    return { send: (text) => socket.send(text), close: () => socket.close(NORMAL) };
  },
};
