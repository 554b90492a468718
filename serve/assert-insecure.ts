import type { ServeConfig } from './serve-config.ts';
import { ServeFault } from './serve-fault.ts';
import { LOOPBACK } from './start-plane.ts';

/**
 * Whether nobody may be asked who they are with this configuration: only where no other machine is answered, not even by
 * way of a proxy. Throws `ServeFault` `config_invalid`.
 */
export function assertInsecure({ listen }: ServeConfig): void {
  if (listen.host === LOOPBACK && !listen.behind_tls_proxy) return;
  throw new ServeFault({
    code: 'config_invalid',
    message: `--insecure-localhost asks nobody who they are, so it listens on ${LOOPBACK} alone and behind no proxy`,
    holds: 'nothing was started or stopped',
    next: `leave "listen.host" and "listen.behind_tls_proxy" away, or serve without --insecure-localhost`,
  });
}
