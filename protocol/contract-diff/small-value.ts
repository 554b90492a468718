import { canonicalJson, textDigest } from '../canonical-json.ts';

type Scalar = string | number | boolean | null;
export type SmallValue = Scalar | readonly Scalar[];

/** A change is read in a terminal and in a review pane, and stored with its version. */
const MAX_TEXT_CHARACTERS = 200;
const MAX_ENTRIES = 20;

/** What of a value fits into a change: long texts are cut, long lists counted, large objects given by digest. */
export function smallValue(value: unknown): SmallValue | undefined {
  if (value === undefined) return undefined;
  if (Array.isArray(value)) {
    const shown = value.slice(0, MAX_ENTRIES).map(smallScalar);
    return value.length > MAX_ENTRIES ? [...shown, `and ${value.length - MAX_ENTRIES} more`] : shown;
  }
  return smallScalar(value);
}

function smallScalar(value: unknown): Scalar {
  if (value === null || typeof value === 'boolean' || typeof value === 'number') return value;
  if (typeof value === 'string') return cut(value);
  const text = canonicalJson(value);
  return text.length <= MAX_TEXT_CHARACTERS ? text : textDigest(text);
}

function cut(text: string): string {
  return text.length <= MAX_TEXT_CHARACTERS ? text : `${text.slice(0, MAX_TEXT_CHARACTERS).toWellFormed()}…`;
}

export function textOf(value: SmallValue): string {
  return Array.isArray(value) ? value.map(String).join(', ') : String(value);
}
