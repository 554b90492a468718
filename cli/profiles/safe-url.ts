import { usageFault } from '../fault.ts';

const LOOPBACK = /^(localhost|127(\.\d{1,3}){3}|\[::1\])$/;

/** Whether a secret may be sent there: over TLS, or without leaving this machine. */
export function isSafeUrl({ protocol, hostname }: URL): boolean {
  return protocol === 'https:' || (protocol === 'http:' && LOOPBACK.test(hostname));
}

/** An address that somebody gave. Throws `CliFault`. */
export function safeUrl(text: string, what: string): URL {
  if (!URL.canParse(text)) throw usageFault(`${what} is not a URL`);
  const url = new URL(text);
  if (url.username !== '' || url.password !== '') throw usageFault(`${what} must not hold a password`);
  if (isSafeUrl(url)) return url;
  throw usageFault(`${what} must be https, or http on this machine`);
}
