import type { Edit } from '@countersign/client/line-diff';
import { printable } from '@countersign/client/printable';

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
