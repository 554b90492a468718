import type { HttpConnection } from './http-connection.ts';

/**
 * Keeps every connection busy with `step` for so many milliseconds.
 *
 * @param step does one request and says how many operations it completed
 * @returns operations per second, counting those that ended in time
 */
export async function operationsPerSecond(
  connections: readonly HttpConnection[],
  milliseconds: number,
  step: (connection: HttpConnection) => Promise<number>,
): Promise<number> {
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
}
