import { printable } from '@countersign/client/printable';
import { canonicalJson } from '@countersign/protocol/canonical-json';
import type { Edit } from './line-diff.ts';

/**
 * A document as lines of JSON, its members in order of their names. A text of several lines is broken after each `\n`
 * that stands for a line feed, so that a change of one of them is not a change of all.
 */
export function documentLines(document: unknown): readonly string[] {
  const pretty = JSON.stringify(JSON.parse(canonicalJson(document)), null, 2);
  // Backslashes stand only in texts, and each with what it escapes.
  return pretty.replace(/\\./g, (piece) => (piece === '\\n' ? `${piece}\n` : piece)).split('\n');
}

/** Lines around a change that are shown with it. */
const AROUND = 3;

/** The changes with some lines around them, and how many lines are left out between; nothing where nothing changed. */
export function diffText(edits: readonly Edit[]): string {
  const isShown = edits.map((_, place) =>
    edits.slice(Math.max(place - AROUND, 0), place + AROUND + 1).some(({ sign }) => sign !== ' '),
  );
  if (!isShown.includes(true)) return '';
  const lines: string[] = [];
  let left = 0;
  for (const [place, { sign, text }] of edits.entries()) {
    if (isShown[place] !== true) {
      left += 1;
      continue;
    }
    lines.push(...leftOut(left), `${sign} ${printable(text)}`);
    left = 0;
  }
  return [...lines, ...leftOut(left)].map((line) => `${line}\n`).join('');
}

function leftOut(count: number): string[] {
  return count === 0 ? [] : [`@ ${count} line${count === 1 ? '' : 's'} as before`];
}
