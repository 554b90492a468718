import type { LookupAddress } from 'node:dns';
import { lookup } from 'node:dns/promises';
import { isIP, type LookupFunction } from 'node:net';
import { isAllowedAddress, isLoopbackAddress } from './address-guard.ts';
import { HttpFault } from './http-fault.ts';

/** All addresses of a name. */
export type ResolveName = (name: string) => Promise<readonly LookupAddress[]>;

export const resolveName: ResolveName = (name) => lookup(name, { all: true });

/** This machine under any resolver (RFC 6761). */
const LOCAL_NAME = /(^|\.)localhost\.?$/i;

export interface AddressRules {
  readonly allowPrivate: boolean;
  /** Without TLS nothing leaves this machine. */
  readonly mustBeLoopback: boolean;
  readonly resolve: ResolveName;
}

/**
 * The addresses of a host as it stands in a URL; throws `HttpFault`. One that is refused refuses all: whoever mixes
 * them wants a client to try until it meets the inner one.
 */
export async function resolveHost(
  hostname: string,
  { allowPrivate, mustBeLoopback, resolve }: AddressRules,
): Promise<readonly LookupAddress[]> {
  const host = hostname.replace(/^\[(.*)\]$/, '$1');
  if (!allowPrivate && LOCAL_NAME.test(host)) throw new HttpFault('address_refused', { wasSent: false });
  const family = isIP(host);
  const addresses = family === 0 ? await addressesOf(host, resolve) : [{ address: host, family }];
  const areAllowed = addresses.every(
    ({ address }) =>
      isIP(address) !== 0 &&
      isAllowedAddress(address, { allowPrivate }) &&
      (!mustBeLoopback || isLoopbackAddress(address)),
  );
  if (!areAllowed) throw new HttpFault('address_refused', { wasSent: false });
  return addresses;
}

async function addressesOf(name: string, resolve: ResolveName): Promise<readonly LookupAddress[]> {
  const addresses = await resolve(name).catch((cause: unknown) => {
    throw new HttpFault('name_not_resolved', { wasSent: false, cause });
  });
  if (addresses.length === 0) throw new HttpFault('name_not_resolved', { wasSent: false });
  return addresses;
}

/** Connects to the addresses that were looked at, and asks nobody again: a second answer could be another one. */
export function pinnedLookup(addresses: readonly LookupAddress[]): LookupFunction {
  return (_hostname, options, callback) => {
    const wanted = options.family === 4 || options.family === 6 ? options.family : 0;
    const fitting = addresses.filter(({ family }) => wanted === 0 || family === wanted);
    const [first] = fitting;
    if (first === undefined) callback(new Error('no address of this family'), '');
    else if (options.all) callback(null, [...fitting]);
    else callback(null, first.address, first.family);
  };
}
