import { startChildServer } from './child-server.ts';
import { overPort, type PostgresAddress } from './durable-postgres.ts';

export interface DelayingProxy {
  /** The server, as it is reached over the proxy. */
  readonly address: PostgresAddress;
  stop(): Promise<void>;
}

/** Puts a network between a server and its clients: every answer takes so many milliseconds longer, or a little more. */
export async function startDelayingProxy(server: PostgresAddress, delayMs: number): Promise<DelayingProxy> {
  const { url, stop } = await startChildServer('delaying-proxy', {
    BENCH_PROXY_TARGET_PORT: String(server.port),
    BENCH_PROXY_DELAY_MS: String(delayMs),
  });
  return { address: overPort(server, Number(url.port)), stop };
}
