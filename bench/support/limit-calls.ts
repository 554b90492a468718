import type { HttpConnection } from './http-connection.ts';

/** The paths of the Worker of the limits; see limits/worker.ts. */
export type LimitPath = '/noop' | '/write' | '/hold' | '/held' | '/wake';

/** Asks the Worker of the limits; throws unless it answers 200. Returns the body. */
export async function askLimit(connection: HttpConnection, path: LimitPath): Promise<string> {
  const { status, body } = await connection.send(`GET ${path} HTTP/1.1\r\nhost: limits\r\n`);
  if (status !== 200) throw new Error(`${path} answered ${status}: ${body}`);
  return body;
}
