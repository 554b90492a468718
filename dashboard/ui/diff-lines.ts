import { type Edit, lineDiff } from '@countersign/client/line-diff';

/** A line of a difference, or how many that are the same are left out. */
export type DiffLine =
  | { readonly kind: 'line'; readonly edit: Edit; readonly place: number }
  | { readonly kind: 'left-out'; readonly count: number; readonly place: number };

/** Lines around a change that are shown with it. */
const AROUND = 3;

/** How lines differ from others, with some of them around each change; all of them where there are no others. */
export function diffLines(from: readonly string[] | undefined, to: readonly string[]): readonly DiffLine[] {
  if (from === undefined)
    return to.map((text, place) => ({ kind: 'line', edit: { sign: ' ', text }, place }));
  const edits = lineDiff(from, to);
  const isShown = edits.map((_, place) =>
    edits.slice(Math.max(place - AROUND, 0), place + AROUND + 1).some(({ sign }) => sign !== ' '),
  );
  const lines: DiffLine[] = [];
  let left = 0;
  const leaveOut = (place: number) => {
    if (left > 0) lines.push({ kind: 'left-out', count: left, place });
    left = 0;
  };
  for (const [place, edit] of edits.entries()) {
    if (isShown[place] !== true) {
      left += 1;
      continue;
    }
    leaveOut(place);
    lines.push({ kind: 'line', edit, place });
  }
  leaveOut(edits.length);
  return lines;
}
