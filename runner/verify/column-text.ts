import type { Scalar } from '@countersign/protocol/values';

/** A NUL, which PostgreSQL's text cannot hold, or half of a surrogate pair, which UTF-8 cannot. */
const UNSENDABLE = /\u0000|[\uD800-\uDBFF](?![\uDC00-\uDFFF])|(?<![\uD800-\uDBFF])[\uDC00-\uDFFF]/;
const INTEGER = /^-?\d{1,19}$/;
const TIMESTAMP = /^\d{4,6}-\d\d-\d\d[ T]\d\d:\d\d:\d\d(\.\d{1,6})?(Z|[+-]\d\d(:?\d\d)?)?$/;
const MOST_KEY_CHARACTERS = 1_024;

/** Whether a text can travel to a database and to the control plane as it is. */
export function isSendable(text: string): boolean {
  return !UNSENDABLE.test(text);
}

/** Whether a name can stand in a receipt and a log: no control character, nothing that the database cannot be sent. */
export function isPrintable(text: string): boolean {
  return !/\p{Cc}/u.test(text) && !UNSENDABLE.test(text);
}

/** The text that identifies a row or a tenant; undefined for what cannot (null, a truth value, a fraction). */
export function keyText(value: Scalar): string | undefined {
  if (typeof value === 'number') return Number.isSafeInteger(value) ? String(value) : undefined;
  if (typeof value !== 'string' || value === '' || value.length > MOST_KEY_CHARACTERS) return undefined;
  return UNSENDABLE.test(value) ? undefined : value;
}

/** The text of a version; undefined for what no such version column can hold. */
export function versionText(advance: 'integer' | 'timestamp', value: Scalar): string | undefined {
  const text = keyText(value);
  if (text === undefined) return undefined;
  // `infinity` is a timestamp that cannot advance, so words are no versions.
  return (advance === 'integer' ? INTEGER : TIMESTAMP).test(text) ? text : undefined;
}

/** The text of a value to be written, null for NULL; undefined for what the database cannot be sent. */
export function patchText(value: Scalar): string | null | undefined {
  if (value === null) return null;
  if (typeof value === 'string') return UNSENDABLE.test(value) ? undefined : value;
  return String(value);
}
