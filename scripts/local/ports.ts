import { createServer } from 'node:net';
import * as z from 'zod';
import { errorCode } from './error-code.ts';
import { LocalFault } from './local-fault.ts';

/** The one address that the local stack listens on: nothing of it is meant for the network. */
export const LOOPBACK = '127.0.0.1';

/** A port as it stands in a process's arguments; 0 is any that is free. */
export const portArgumentSchema = z.coerce.number().int().min(0).max(65_535);

/**
 * Makes sure that a port of 127.0.0.1 can be had, so that the refusal comes before anything was started.
 * Somebody may still take it afterwards; then the service itself fails, less politely.
 *
 * @param service what wants the port, in words that the person at the console knows
 * @throws LocalFault `port_in_use`
 */
export async function assertPortFree(port: number, service: string): Promise<void> {
  const probe = createServer();
  try {
    await new Promise<void>((resolve, reject) => {
      probe.once('error', reject);
      probe.listen({ host: LOOPBACK, port, exclusive: true }, resolve);
    });
  } catch (cause) {
    if (errorCode(cause) !== 'EADDRINUSE') throw cause;
    throw portInUse(port, service, cause);
  }
  await new Promise((resolve) => probe.close(resolve));
}

function portInUse(port: number, service: string, cause: unknown): LocalFault {
  return new LocalFault(
    `Port ${port}, wanted by the ${service}, is already in use on ${LOOPBACK}. ` +
      'Stop what listens there, or choose others with `npm start -- --port <number>`.',
    { code: 'port_in_use', cause },
  );
}
