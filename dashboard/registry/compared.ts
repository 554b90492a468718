import type { PieceVersion, PieceView } from '@countersign/client/control-api';
import { documentLines } from '@countersign/client/document-lines';
import { type Edit, lineDiff } from '@countersign/client/line-diff';

export interface ComparedVersions {
  /** Undefined where there is nothing to compare it with. */
  readonly from: PieceVersion | undefined;
  readonly to: PieceVersion | undefined;
}

/** Which two versions are meant: as the address names them, else the one in force and the newest. */
export function comparedVersions(
  { active_version, versions }: Pick<PieceView, 'active_version' | 'versions'>,
  asked: { readonly from?: number | undefined; readonly to?: number | undefined },
): ComparedVersions {
  const numbered = (number: number | null | undefined) => versions.find(({ version }) => version === number);
  const to = numbered(asked.to) ?? versions[0];
  const active = numbered(active_version);
  const before = to === undefined ? undefined : versions[versions.indexOf(to) + 1];
  const usual = active === undefined || active === to ? before : active;
  return { from: numbered(asked.from) ?? usual, to };
}

/** A line of a difference, or how many that are the same are left out. */
export type DiffLine =
  | { readonly kind: 'line'; readonly edit: Edit; readonly place: number }
  | { readonly kind: 'left-out'; readonly count: number; readonly place: number };

/** Lines around a change that are shown with it. */
const AROUND = 3;

/** How one document differs from another, with some lines around each change; all lines where there is no other. */
export function diffLines(from: PieceVersion | undefined, to: PieceVersion): readonly DiffLine[] {
  const after = documentLines(to.document);
  if (from === undefined)
    return after.map((text, place) => ({ kind: 'line', edit: { sign: ' ', text }, place }));
  const edits = lineDiff(documentLines(from.document), after);
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
