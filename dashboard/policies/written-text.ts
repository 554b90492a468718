/** In which order people write the members of a policy and of its parts; any other stands behind them. */
const ORDER = [
  'name',
  'description',
  'asks',
  'applies_to',
  'given',
  'expect',
  'when',
  'effect',
  'requires',
  'message',
  'limits',
  'tests',
];

/** A document as somebody would write it: a plane keeps the members in the order of their names. */
export function writtenText(document: unknown): string {
  return JSON.stringify(document, (_name, value: unknown) => (isRecord(value) ? ordered(value) : value), 2);
}

function ordered(value: Readonly<Record<string, unknown>>): Record<string, unknown> {
  const rank = (name: string) => {
    const place = ORDER.indexOf(name);
    return place < 0 ? ORDER.length : place;
  };
  return Object.fromEntries(Object.entries(value).toSorted(([a], [b]) => rank(a) - rank(b)));
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
