import { createServer } from 'node:net';
import { errorCode } from './error-code.ts';
import { ServeFault, type ServeFaultFacts } from './serve-fault.ts';

/**
 * Makes sure that an address can be listened on, so that the refusal comes before anything was touched. Somebody may
 * still take it afterwards; then workerd fails, less politely. Throws `ServeFault`.
 */
export async function assertAddressFree(host: string, port: number): Promise<void> {
  const probe = createServer();
  try {
    await new Promise<void>((resolve, reject) => {
      probe.once('error', reject);
      probe.listen({ host, port, exclusive: true }, resolve);
    });
  } catch (cause) {
    throw new ServeFault(addressFault(host, port, errorCode(cause)), { cause });
  }
  await new Promise((resolve) => probe.close(resolve));
}

function addressFault(host: string, port: number, code: string): ServeFaultFacts {
  const holds = 'nothing was started, and the store is as it was';
  if (code === 'EADDRINUSE') {
    return {
      code: 'port_taken',
      message: `port ${port} of ${host} is taken by another program`,
      holds,
      next: 'stop what listens there, or name another "port" under "listen" in the configuration',
    };
  }
  return {
    code: 'address_unusable',
    message: `port ${port} of ${host} cannot be listened on (${code})`,
    holds,
    next: 'name an address of this machine, and a port that you may use, under "listen" in the configuration',
  };
}
