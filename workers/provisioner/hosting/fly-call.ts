import type { FlyReply } from './fly-reply.ts';
import type { FlySettings } from './fly-settings.ts';
import type { HostingMeans } from './hosting-means.ts';
import type { Hosted } from './hosting-provider.ts';
import type { RatePacer } from './rate-pacer.ts';
import { readText } from './read-text.ts';
import { retryAfterMs } from './retry-after.ts';
import { failed, unknown } from './troubles.ts';

/** What all calls of one tenant share. */
export interface Fly {
  readonly settings: FlySettings;
  readonly tenant: string;
  readonly means: HostingMeans;
  readonly pacer: RatePacer;
}

export interface FlyRequest {
  readonly method: 'GET' | 'POST' | 'DELETE';
  /** Made of names that were checked; never of a secret, since paths are logged on the way. */
  readonly path: string;
  readonly query?: Readonly<Record<string, string>>;
  readonly body?: object;
  /** For the whole exchange. */
  readonly timeoutMs?: number;
}

const TIMEOUT_MS = 15_000;
/** The longest answer is the list of an organization's apps, some 150 bytes each. */
const MOST_ANSWER_BYTES = 8 * 1_024 * 1_024;
const PAUSES = { leastMs: 500, mostMs: 5_000 } as const;

/** One call of the provider: its requests, and what time is left for them. */
export class FlyCall {
  readonly fly: Fly;
  readonly #endsAt: number;

  constructor(fly: Fly, budgetMs: number) {
    this.fly = fly;
    this.#endsAt = fly.means.now() + budgetMs;
  }

  get restMs(): number {
    return Math.max(0, this.#endsAt - this.fly.means.now());
  }

  /**
   * Runs a pass until it is done, is refused for good, or no time is left. A pass begins with a look at what is there, so
   * that running it again is safe whatever the last one came to. After a write that was lost nothing but a yes is the whole
   * truth: it may land after any look.
   */
  async settle<Found>(pass: () => Promise<Hosted<Found>>): Promise<Hosted<Found>> {
    let isWriteLost = false;
    for (let failures = 1; ; failures += 1) {
      const result = await pass();
      if (result.ok) return result;
      const { trouble } = result;
      isWriteLost ||= trouble.code === 'unknown';
      const askedMs = 'retryAfterMs' in trouble ? trouble.retryAfterMs : 0;
      const pauseMs = Math.max(askedMs, this.#pauseMs(failures));
      if (!trouble.mayPass || pauseMs >= this.restMs) return isWriteLost ? failed(unknown(askedMs)) : result;
      await this.fly.means.sleep(pauseMs);
    }
  }

  /** Sends one request, in its turn. Never throws, so that no message of an exception can tell the token. */
  async send(request: FlyRequest): Promise<FlyReply> {
    const { now, sleep } = this.fly.means;
    const waitMs = this.fly.pacer.reserve(`${request.method} ${request.path}`, now(), this.restMs);
    if (waitMs >= this.restMs) return { kind: 'not_sent', retryAfterMs: waitMs };
    if (waitMs > 0) await sleep(waitMs);
    const isWrite = request.method !== 'GET';
    try {
      return (await this.#exchange(request, isWrite)) ?? { kind: 'lost', isWrite };
    } catch {
      return { kind: 'lost', isWrite };
    }
  }

  async #exchange(request: FlyRequest, isWrite: boolean): Promise<FlyReply | undefined> {
    // Taken out of its object: workerd refuses a `fetch` that is called as somebody's method.
    const { deadline, fetch, now } = this.fly.means;
    const { body, method, timeoutMs = TIMEOUT_MS } = request;
    const response = await fetch(this.#urlOf(request), {
      method,
      headers: {
        accept: 'application/json',
        authorization: `Bearer ${this.fly.settings.token}`,
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      // A redirect would carry the token to somewhere that nobody configured.
      redirect: 'manual',
      signal: deadline(Math.min(timeoutMs, this.restMs)),
    });
    const text = await readText(response, MOST_ANSWER_BYTES);
    if (text === undefined) return undefined;
    const asked = retryAfterMs(response.headers.get('retry-after'), now());
    return { kind: 'answer', isWrite, status: response.status, json: parseJson(text), retryAfterMs: asked };
  }

  #urlOf({ path, query }: FlyRequest): string {
    const { baseUrl } = this.fly.settings;
    return query === undefined ? `${baseUrl}${path}` : `${baseUrl}${path}?${new URLSearchParams(query)}`;
  }

  /** Doubling, and the upper half drawn at random: calls that failed together do not come back together. */
  #pauseMs(failures: number): number {
    const ceiling = Math.min(PAUSES.mostMs, PAUSES.leastMs * 2 ** (failures - 1));
    return Math.round((ceiling / 2) * (1 + this.fly.means.random()));
  }
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
