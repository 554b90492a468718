import { createHash } from 'node:crypto';

/** A value that JSON can carry without loss. */
export type Json = string | number | boolean | null | readonly Json[] | { readonly [key: string]: Json };

/** Thrown for a value that has no canonical text: it is a fault of ours, never of a request (those are parsed JSON). */
export class NotCanonical extends TypeError {
  override name = 'NotCanonical';
  readonly code = 'not_canonical';
}

/**
 * The canonical text of a JSON value: object keys sorted by UTF-16 code units, no white space, ECMAScript
 * numbers, `-0` written as `0`. Equals RFC 8785 (JCS) for valid input; see also PROTOCOL 3.1.
 * A key whose value is `undefined` is refused rather than dropped, because a silent drop changes a digest.
 */
export function canonicalJson(value: unknown): string {
  if (value === null || typeof value === 'boolean' || typeof value === 'string') return JSON.stringify(value);
  if (typeof value === 'number') {
    if (!Number.isFinite(value)) throw new NotCanonical(`no JSON for the number ${value}`);
    return JSON.stringify(Object.is(value, -0) ? 0 : value);
  }
  if (Array.isArray(value)) return `[${value.map(canonicalJson).join(',')}]`;
  if (typeof value === 'object') return canonicalObject(value);
  throw new NotCanonical(`no JSON for a ${typeof value}`);
}

function canonicalObject(value: object): string {
  const prototype = Object.getPrototypeOf(value);
  if (prototype !== Object.prototype && prototype !== null) {
    throw new NotCanonical('only plain objects have canonical JSON');
  }
  let text = '{';
  for (const key of Object.keys(value).sort()) {
    const separator = text.length === 1 ? '' : ',';
    text += `${separator}${JSON.stringify(key)}:${canonicalJson(Reflect.get(value, key))}`;
  }
  return `${text}}`;
}

/** `sha256:` and the lowercase hex SHA-256 of the UTF-8 text. */
export function textDigest(text: string): string {
  return `sha256:${createHash('sha256').update(text, 'utf8').digest('hex')}`;
}

/** The digest of a value's canonical text. */
export function digest(value: unknown): string {
  return textDigest(canonicalJson(value));
}
