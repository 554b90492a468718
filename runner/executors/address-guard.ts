import { BlockList, isIPv6 } from 'node:net';

type Subnet = readonly [address: string, prefix: number];

/** Where no service of anybody is, whatever is configured; metadata of clouds gives out their credentials. */
const NEVER: readonly Subnet[] = [
  ['0.0.0.0', 8],
  ['169.254.0.0', 16],
  ['100.100.100.200', 32],
  ['168.63.129.16', 32],
  ['192.0.0.192', 32],
  ['224.0.0.0', 4],
  ['240.0.0.0', 4],
  ['::', 128],
  ['fe80::', 10],
  ['ff00::', 8],
  ['fd00:ec2::254', 128],
  ['fd20:ce::254', 128],
  // The same ones as NAT64 would reach them.
  ['64:ff9b::a9fe:0', 112],
  ['64:ff9b::6464:64c8', 128],
  ['64:ff9b::a83f:8110', 128],
];

/** Private, shared, for documentation and measurement (RFC 6890 and its registry). */
const NOT_PUBLIC: readonly Subnet[] = [
  ['10.0.0.0', 8],
  ['100.64.0.0', 10],
  ['127.0.0.0', 8],
  ['172.16.0.0', 12],
  ['192.0.0.0', 24],
  ['192.0.2.0', 24],
  ['192.88.99.0', 24],
  ['192.168.0.0', 16],
  ['198.18.0.0', 15],
  ['198.51.100.0', 24],
  ['203.0.113.0', 24],
  // Teredo and others that carry an IPv4 address or none.
  ['2001::', 23],
  ['2001:db8::', 32],
  // 6to4.
  ['2002::', 16],
  ['3fff::', 20],
];

const never = listOf(NEVER);
const notPublic = listOf(NOT_PUBLIC);
/** All of IPv6 that is given out. IPv4-mapped, NAT64 and private addresses are outside of it. */
const globalUnicast = listOf([['2000::', 3]]);
const loopback = listOf([
  ['127.0.0.0', 8],
  ['::1', 128],
]);

function listOf(subnets: readonly Subnet[]): BlockList {
  const list = new BlockList();
  for (const [address, prefix] of subnets) list.addSubnet(address, prefix, familyOf(address));
  return list;
}

function familyOf(address: string): 'ipv4' | 'ipv6' {
  return isIPv6(address) ? 'ipv6' : 'ipv4';
}

/** Whether this address, an IP in its usual form, may be connected to. */
export function isAllowedAddress(address: string, { allowPrivate }: { allowPrivate: boolean }): boolean {
  const family = familyOf(address);
  if (never.check(address, family)) return false;
  if (allowPrivate) return true;
  if (notPublic.check(address, family)) return false;
  return family === 'ipv4' || globalUnicast.check(address, family);
}

export function isLoopbackAddress(address: string): boolean {
  return loopback.check(address, familyOf(address));
}
