import { type Node, type ParseError, parseTree, printParseErrorCode } from 'jsonc-parser';

/** What a text says, or all that is wrong with it, with line and column. */
export type ParsedJsonc = { readonly value: unknown } | { readonly faults: readonly string[] };

/** Reads JSON that may have comments and trailing commas, and nothing else beyond the standard. Quotes nothing of it. */
export function parseJsonc(text: string): ParsedJsonc {
  const errors: ParseError[] = [];
  // The byte order mark that some editors put first is no part of the text.
  const root = parseTree(text.replace(/^\uFEFF/, ' '), errors, { allowTrailingComma: true });
  if (root === undefined || errors.length > 0) {
    // What follows the first fault is most often its consequence.
    const [first] = errors;
    const where = first === undefined ? 'line 1, column 1' : placeOf(text, first.offset);
    const what = first === undefined ? 'ValueExpected' : printParseErrorCode(first.error);
    return { faults: [`${where}: this is not valid JSON (${what})`] };
  }
  const faults = repeatedKeys(root).map((offset) => `${placeOf(text, offset)}: this field stands here twice`);
  return faults.length > 0 ? { faults } : { value: plainValue(root) };
}

/** The places of keys that their object has had already: which of the two is meant nobody can know. */
function repeatedKeys(node: Node): number[] {
  const keys =
    node.type === 'object' ? (node.children ?? []).flatMap(({ children }) => children?.[0] ?? []) : [];
  const seen = new Set<unknown>();
  const own = keys.flatMap(({ offset, value }) => {
    const isRepeated = seen.has(value);
    seen.add(value);
    return isRepeated ? [offset] : [];
  });
  return [...own, ...(node.children ?? []).flatMap(repeatedKeys)];
}

function plainValue({ type, children = [], value }: Node): unknown {
  if (type === 'array') return children.map(plainValue);
  if (type !== 'object') return value;
  // Made of entries, so that a key such as __proto__ is a key like any other.
  return Object.fromEntries(
    children.map(({ children: [key, member] = [] }) => [key?.value, member && plainValue(member)]),
  );
}

/** Where an offset is, as editors count: both from 1. */
function placeOf(text: string, offset: number): string {
  const before = text.slice(0, offset).split(/\r\n|\r|\n/);
  return `line ${before.length}, column ${(before.at(-1)?.length ?? 0) + 1}`;
}
