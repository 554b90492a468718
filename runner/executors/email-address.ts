/** One address and nothing around it: no name, no list, no comment, no quotes, no line end (RFC 5321, without its oddities). */
const LOCAL = /^[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+(\.[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+)*$/;
const DOMAIN =
  /^([A-Za-z0-9]([A-Za-z0-9-]{0,61}[A-Za-z0-9])?\.)+[A-Za-z0-9]([A-Za-z0-9-]{0,61}[A-Za-z0-9])?$/;
const LONGEST_LOCAL = 64;
const LONGEST_DOMAIN = 253;

/** What keeps a text from being one e-mail address; undefined when it is one. */
export function addressFault(text: string): string | undefined {
  const at = text.lastIndexOf('@');
  const local = text.slice(0, at);
  const domain = text.slice(at + 1);
  const isAddress =
    at > 0 &&
    local.length <= LONGEST_LOCAL &&
    domain.length <= LONGEST_DOMAIN &&
    LOCAL.test(local) &&
    DOMAIN.test(domain);
  return isAddress ? undefined : 'must be one e-mail address, as name@example.com';
}

/** The domain of an address, in lower case. */
export function domainOf(address: string): string {
  return address.slice(address.lastIndexOf('@') + 1).toLowerCase();
}

export function isDomain(text: string): boolean {
  return text.length <= LONGEST_DOMAIN && DOMAIN.test(text);
}
