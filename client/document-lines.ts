import { canonicalJson } from '@countersign/protocol/canonical-json';

/**
 * A document as lines of JSON, its members in order of their names. A text of several lines is broken after each `\n`
 * that stands for a line feed, so that a change of one of them is not a change of all.
 */
export function documentLines(document: unknown): readonly string[] {
  const pretty = JSON.stringify(JSON.parse(canonicalJson(document)), null, 2);
  // Backslashes stand only in texts, and each with what it escapes.
  return pretty.replace(/\\./g, (piece) => (piece === '\\n' ? `${piece}\n` : piece)).split('\n');
}
