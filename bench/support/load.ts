import { type HttpConnection, withConnections } from './http-connection.ts';

export interface Load {
  readonly origin: URL;
  /** How many requests are under way at any time. */
  readonly connections: number;
  readonly milliseconds: number;
}

/**
 * Keeps every connection busy with `step`.
 *
 * @param step does one request and says how many operations it completed
 * @returns operations per second, counting those that ended in time
 */
export function operationsPerSecond(
  { origin, connections: count, milliseconds }: Load,
  step: (connection: HttpConnection) => Promise<number>,
): Promise<number> {
  return withConnections(origin, count, async (connections) => {
    const end = performance.now() + milliseconds;
    let operations = 0;
    const work = async (connection: HttpConnection) => {
      while (performance.now() < end) {
        const completed = await step(connection);
        if (performance.now() < end) operations += completed;
      }
    };
    await Promise.all(connections.map(work));
    return operations / (milliseconds / 1_000);
  });
}
