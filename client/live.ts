import { LIVE_PROTOCOL } from '@countersign/protocol/live-messages';
import { ApiError } from './api-error.ts';
import { backoffMs } from './backoff.ts';
import type { Connection } from './http.ts';
import { type ConnectionListener, LiveConnection, type LiveFrom } from './live-connection.ts';
import { type LiveMeans, usualMeans } from './live-means.ts';

/** Where the feed stands, for whoever looks at what is shown. Times are Unix milliseconds. */
export type LiveState =
  /** `since`: for how long nothing has come; null where nothing ever has. */
  | { readonly kind: 'connecting'; readonly since: number | null }
  | { readonly kind: 'live' }
  | {
      readonly kind: 'disconnected';
      readonly since: number;
      /** Null: it is not tried again. */
      readonly nextTryAt: number | null;
      /** The code of what the plane answered, or `connection_lost`. */
      readonly code: string;
    };

export interface LiveListener extends Omit<ConnectionListener, 'live'> {
  state(state: LiveState): void;
}

export interface LiveWatch {
  readonly connection: Connection;
  readonly listener: LiveListener;
  /** Ends the watching. */
  readonly signal: AbortSignal;
  /** From where on; without it, `reset` is called first, and then all that comes later. */
  readonly from?: LiveFrom | undefined;
  readonly means?: LiveMeans;
}

const BACKOFF = { leastMs: 500, mostMs: 15_000 } as const;
/** A connection that was live for so long was no failed try. */
const STEADY_MS = 10_000;

/**
 * Watches a project until the signal aborts: in order, each entry once, whatever the network does. Where something could
 * not be told, `reset` says so. Resolves when the signal aborts; throws `ApiError` where coming back cannot help, such as
 * for a token that counts no more, and whatever a listener throws.
 */
export async function watchLive({
  connection,
  from,
  listener,
  means = usualMeans,
  signal,
}: LiveWatch): Promise<void> {
  let known = from;
  let since: number | null = null;
  let failures = 0;
  while (!signal.aborted) {
    listener.state({ kind: 'connecting', since });
    let code = 'connection_lost';
    let leastMs = 0;
    try {
      const tried = await connect({ connection, known, listener, means, signal });
      known = tried.known;
      if (tried.liveSince !== undefined) since = null;
      if (means.now() - (tried.liveSince ?? means.now()) >= STEADY_MS) {
        failures = 0;
        // One that ends at once has a token that is over: it is not asked for again and again.
        if (tried.end === 'renew') continue;
      }
    } catch (error) {
      if (signal.aborted) return;
      const isPassing = error instanceof ApiError && error.retryable;
      if (!isPassing) {
        if (error instanceof ApiError) lose(error.code, null);
        throw error;
      }
      code = error.code;
      leastMs = error.retryAfterMs ?? 0;
    }
    if (signal.aborted) return;
    failures += 1;
    const waitMs = Math.max(leastMs, backoffMs(failures, BACKOFF, means.random()));
    lose(code, means.now() + waitMs);
    await pause(means, waitMs, signal);
  }

  function lose(code: string, nextTryAt: number | null): void {
    since ??= means.now();
    listener.state({ kind: 'disconnected', since, nextTryAt, code });
  }
}

interface Tried {
  readonly end: 'renew' | 'lost';
  readonly known: LiveFrom | undefined;
  /** Unix milliseconds; undefined where it never was. */
  readonly liveSince: number | undefined;
}

interface Trying extends Required<Pick<LiveWatch, 'connection' | 'listener' | 'means' | 'signal'>> {
  readonly known: LiveFrom | undefined;
}

/** One connection, from its ticket to its end. Throws what asking for the ticket throws. */
async function connect({ connection, known, listener, means, signal }: Trying): Promise<Tried> {
  const ticket = await means.ticket(connection, signal);
  let liveSince: number | undefined;
  const live = new LiveConnection(
    means,
    { url: addressOf(connection, known), protocols: [LIVE_PROTOCOL, ticket] },
    known,
    {
      live: () => {
        liveSince = means.now();
        listener.state({ kind: 'live' });
      },
      reset: (head) => listener.reset(head),
      changed: (changes) => listener.changed(changes),
    },
  );
  const stop = () => live.close('lost');
  signal.addEventListener('abort', stop);
  if (signal.aborted) stop();
  try {
    const end = await live.ended;
    return { end, known: live.known, liveSince };
  } finally {
    signal.removeEventListener('abort', stop);
  }
}

/** Nothing secret stands in it. */
function addressOf({ projectId, url }: Connection, known: LiveFrom | undefined): string {
  const address = new URL('/v1/live', url);
  address.protocol = address.protocol.replace('http', 'ws');
  if (projectId !== undefined) address.searchParams.set('project_id', projectId);
  if (known !== undefined) address.searchParams.set('after', String(known.seq));
  if (known?.hash !== undefined) address.searchParams.set('hash', known.hash);
  return address.href;
}

function pause({ after }: LiveMeans, milliseconds: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const end = () => {
      cancel();
      signal.removeEventListener('abort', end);
      resolve();
    };
    const cancel = after(milliseconds, end);
    signal.addEventListener('abort', end);
  });
}
