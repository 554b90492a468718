import { readFileSync } from 'node:fs';
import type { SslOptions } from 'mysql2';
import { ConfigError } from '../../config/config-error.ts';

/** Where a server is, who asks, and how the line to it is protected. */
export interface MysqlAddress {
  readonly host: string;
  readonly port: number;
  readonly user: string;
  readonly password: string;
  readonly ssl: SslOptions | undefined;
}

const USUAL_PORT = 3306;
/** Not its name: behind a ? that was not encoded stands the password. */
const UNKNOWN_PARAMETER =
  'has a parameter that is not known; there are ssl-mode and ssl-ca, and a ? of the password must be written as %3F';
const LOOPBACK = /^(localhost|127(\.\d{1,3}){3}|::1)$/;

/**
 * Reads `mysql://user:password@host:port/?ssl-mode=...&ssl-ca=FILE`. The modes are those of MySQL's own clients:
 * `disabled`, `required` (encrypted, whoever answers), `verify_ca`, `verify_identity`. Without one it is
 * `verify_identity`, and for this machine `disabled`. Throws `ConfigError`, which never quotes the URL.
 */
export function parseMysqlUrl(text: string, where: string): MysqlAddress {
  if (!URL.canParse(text)) throw new ConfigError([`${where} is not a URL`]);
  const url = new URL(text);
  if (url.protocol !== 'mysql:') throw new ConfigError([`${where} must begin with mysql://`]);
  for (const name of url.searchParams.keys()) {
    if (name !== 'ssl-mode' && name !== 'ssl-ca') throw new ConfigError([`${where} ${UNKNOWN_PARAMETER}`]);
  }
  const host = url.hostname.replace(/^\[(.*)\]$/, '$1');
  if (host === '' || url.username === '') throw new ConfigError([`${where} must name a host and a user`]);
  return {
    host,
    port: url.port === '' ? USUAL_PORT : Number(url.port),
    user: decoded(url.username, where),
    password: decoded(url.password, where),
    ssl: sslOptions(url.searchParams, host, where),
  };
}

function decoded(text: string, where: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    throw new ConfigError([
      `${where}: a % of user or password must be written as %25, as percent encoding has it`,
    ]);
  }
}

function sslOptions(parameters: URLSearchParams, host: string, where: string): SslOptions | undefined {
  const mode =
    parameters.get('ssl-mode')?.toLowerCase() ?? (LOOPBACK.test(host) ? 'disabled' : 'verify_identity');
  const file = parameters.get('ssl-ca');
  const authority = file === null ? {} : { ca: readAuthority(file, where) };
  switch (mode) {
    case 'disabled':
      return undefined;
    case 'required':
      return { rejectUnauthorized: false };
    case 'verify_ca':
      return { ...authority, verifyIdentity: false };
    case 'verify_identity':
      return { ...authority, verifyIdentity: true };
    default:
      throw new ConfigError([`${where}: ssl-mode must be disabled, required, verify_ca or verify_identity`]);
  }
}

function readAuthority(path: string, where: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch (cause) {
    throw new ConfigError([`${where}: the file ${path} of ssl-ca cannot be read`], { cause });
  }
}
