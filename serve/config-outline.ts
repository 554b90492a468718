import { isLoopback, type ServeConfig } from './serve-config.ts';

/** What of a configuration may be shown to anybody: no path, no address, no name of an issuer or variable. */
export function configOutline({
  backups,
  default_project,
  issuers,
  limits,
  listen,
  log,
  secrets,
}: ServeConfig) {
  const keys = secrets.token_mac_keys;
  const own = Object.values(limits?.projects ?? {});
  return {
    listen: {
      is_loopback: isLoopback(listen.host),
      port: listen.port,
      behind_tls_proxy: listen.behind_tls_proxy,
    },
    issuers: issuers.map(({ algorithms, roles_claim }) => ({
      algorithms,
      has_roles_claim: roles_claim !== undefined,
    })),
    token_mac_keys: keys === undefined ? 'store' : 'env' in keys ? 'env' : 'file',
    has_backups: backups !== undefined,
    has_default_project: default_project !== undefined,
    has_log: log !== undefined,
    limits: { everywhere: limits?.everywhere ?? {}, projects_with_their_own: own.length },
  };
}
export type ConfigOutline = ReturnType<typeof configOutline>;
