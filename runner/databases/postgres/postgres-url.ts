import { readFileSync } from 'node:fs';
import { ConfigError } from '../../config/config-error.ts';

const MODES = ['verify-full', 'verify-ca', 'require', 'no-verify', 'disable'];
const FILES = ['sslrootcert', 'sslcert', 'sslkey'];
const KNOWN = [
  'sslmode',
  ...FILES,
  'sslnegotiation',
  'uselibpqcompat',
  'host',
  'options',
  'application_name',
];
const THIS_MACHINE = /^(localhost|127(\.\d{1,3}){3}|::1|\/.*)$/i;

/**
 * Checks `postgres://user:password@host:port/database?sslmode=...`, which the driver then reads. The driver passes over
 * a parameter that it does not know and connects without TLS unless told otherwise, so each parameter must be a known
 * one, and the way to another machine must be protected, or be left open, by name. Throws `ConfigError`, which quotes
 * nothing but the names of parameters.
 *
 * @param where how messages call the URL
 */
export function checkPostgresUrl(text: string, where: string): void {
  const refuse = (what: string, options?: ErrorOptions) => new ConfigError([`${where}${what}`], options);
  if (!/^postgres(ql)?:\/\//.test(text)) throw refuse(' must begin with postgres://');
  // The driver encodes a URL anew that has a blank or a stray %, and so makes another password of it.
  if (/%(?![0-9a-f]{2})/i.test(text)) throw refuse(STRAY_PERCENT);
  const url = parse(text);
  if (url === undefined || /\s/.test(text)) throw refuse(' is not a URL');
  // Where a password holds such a sign, what is behind it is taken for a path or for parameters.
  if (url.hash !== '' || `${url.pathname}${url.search}`.includes('@')) throw refuse(STRAY_SIGN);
  if (url.username === '') throw refuse(' must name a user, and a host or the folder of a socket');
  checkParameters(url.searchParams, refuse);
  const host = hostOf(url, refuse);
  checkMode(url.searchParams, host, refuse);
  for (const name of FILES) checkFile(url.searchParams, name, refuse);
}

type Refuse = (what: string, options?: ErrorOptions) => ConfigError;

const STRAY_PERCENT = ': a % of user or password must be written as %25, as percent encoding has it';
const STRAY_SIGN = ': a ?, #, / or @ of user or password must be percent-encoded';

/** Without a host where there is none, as in `postgres://user@/database?host=/run/postgresql`. */
function parse(text: string): URL | undefined {
  if (URL.canParse(text)) return new URL(text);
  const withHost = text.replace('@/', `@${NO_HOST}/`);
  return URL.canParse(withHost) ? new URL(withHost) : undefined;
}

const NO_HOST = 'no-host.invalid';

function checkParameters(parameters: URLSearchParams, refuse: Refuse): void {
  for (const name of parameters.keys()) {
    if (!KNOWN.includes(name))
      throw refuse(`: the parameter ${name} is not known; there are ${KNOWN.join(', ')}`);
    // The driver takes the last one, and whoever reads the URL perhaps the first.
    if (parameters.getAll(name).length > 1) throw refuse(`: the parameter ${name} is there twice`);
  }
}

function hostOf(url: URL, refuse: Refuse): string {
  const socket = url.searchParams.get('host');
  if (socket !== null && !socket.startsWith('/'))
    throw refuse(': the parameter host is for the folder of a socket, as an absolute path');
  for (const part of [url.username, url.password, url.pathname]) decoded(part, refuse);
  if (socket !== null) return socket;
  const host = decoded(url.hostname, refuse).replace(/^\[(.*)\]$/, '$1');
  if (host === '' || host === NO_HOST)
    throw refuse(' must name a user, and a host or the folder of a socket');
  return host;
}

function decoded(text: string, refuse: Refuse): string {
  try {
    return decodeURIComponent(text);
  } catch {
    throw refuse(STRAY_PERCENT);
  }
}

function checkMode(parameters: URLSearchParams, host: string, refuse: Refuse): void {
  const mode = parameters.get('sslmode');
  if (mode === null) {
    if (THIS_MACHINE.test(host)) return;
    throw refuse(
      ` is of another machine and must say how the line is protected: sslmode=verify-full is advised; ${MODES.slice(1).join(', ')} are there for whoever means them`,
    );
  }
  if (!MODES.includes(mode)) throw refuse(`: sslmode must be one of ${MODES.join(', ')}`);
  // With it, the driver has libpq's meaning of the modes; that of `verify-ca` needs an authority.
  if (mode === 'verify-ca' && parameters.has('uselibpqcompat') && !parameters.has('sslrootcert'))
    throw refuse(': sslmode=verify-ca needs the file of an authority, sslrootcert');
}

/** The driver reads it at each connect; that it cannot be read at all is better said at once. */
function checkFile(parameters: URLSearchParams, name: string, refuse: Refuse): void {
  const path = parameters.get(name);
  if (path === null) return;
  try {
    readFileSync(path);
  } catch (cause) {
    throw refuse(`: the file of ${name} cannot be read`, { cause });
  }
}
