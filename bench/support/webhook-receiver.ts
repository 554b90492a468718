import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

/** Whoever gets the webhooks: takes each, says 204, and tells when so many have come. */
export interface WebhookReceiver {
  readonly url: string;
  /** Distinct `webhook-id`s since the last `clear`. */
  readonly received: number;
  clear(): void;
  /** Resolves when so many have come; with when, on the clock of `performance.now()`. */
  reached(count: number): Promise<number>;
  stop(): Promise<void>;
}

export async function startWebhookReceiver(): Promise<WebhookReceiver> {
  const seen = new Set<string>();
  let awaited: { readonly count: number; readonly place: PromiseWithResolvers<number> } | undefined;
  const look = () => {
    if (awaited !== undefined && seen.size >= awaited.count) awaited.place.resolve(performance.now());
  };
  const server = createServer((request, response) => {
    request.resume().on('end', () => {
      seen.add(String(request.headers['webhook-id']));
      response.writeHead(204).end();
      look();
    });
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}/hook`,
    get received() {
      return seen.size;
    },
    clear: () => seen.clear(),
    reached: (count) => {
      awaited = { count, place: Promise.withResolvers() };
      look();
      return awaited.place.promise;
    },
    stop: async () => {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}
