import { isIP } from 'node:net';
import { isAllowedAddress, isLoopbackAddress } from './address-guard.ts';

export interface UrlRules {
  readonly allowPrivate: boolean;
  /** Whether it may have a path; otherwise it is an origin. */
  readonly mayHavePath: boolean;
}

/** What keeps a text from being the URL of a provider; undefined when it is one. */
export function urlFault(text: string, { allowPrivate, mayHavePath }: UrlRules): string | undefined {
  if (!URL.canParse(text)) return 'is not a URL';
  const url = new URL(text);
  if (url.username !== '' || url.password !== '') return 'must not hold a user or password';
  if (url.hash !== '') return 'must not have a fragment';
  if (!mayHavePath && (url.pathname !== '/' || url.search !== '')) return 'must be an origin, without a path';
  if (url.protocol !== 'https:' && url.protocol !== 'http:') return 'must begin with https://';
  if (url.protocol === 'http:' && !(allowPrivate && isLoopbackHost(url.hostname))) {
    return 'must begin with https:// (http:// is for this machine only: with allow_private, and 127.0.0.1, [::1] or localhost)';
  }
  const address = addressIn(url.hostname);
  return address !== undefined && !isAllowedAddress(address, { allowPrivate })
    ? 'must not name a private address, unless allow_private is true'
    : undefined;
}

/** What keeps a text from being a URL that paths are put after; undefined when it is one. */
export function baseUrlFault(text: string, allowPrivate: boolean): string | undefined {
  const fault = urlFault(text, { allowPrivate, mayHavePath: true });
  if (fault !== undefined) return fault;
  return new URL(text).search === '' ? undefined : 'must not have a query';
}

/** A name for this machine alone, as it stands in a URL or in a configuration. */
export function isLoopbackHost(hostname: string): boolean {
  const address = addressIn(hostname);
  return address === undefined ? hostname === 'localhost' : isLoopbackAddress(address);
}

function addressIn(hostname: string): string | undefined {
  const host = hostname.replace(/^\[(.*)\]$/, '$1');
  return isIP(host) === 0 ? undefined : host;
}
