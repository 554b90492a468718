import type { PieceVersion, PieceView } from '@countersign/client/control-api';
import { documentLines } from '@countersign/client/document-lines';
import { type DiffLine, diffLines } from '../ui/diff-lines.ts';

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

/** What a version says differently from another; all of it where there is no other. */
export function changesBetween(from: PieceVersion | undefined, to: PieceVersion): readonly DiffLine[] {
  return diffLines(from === undefined ? undefined : documentLines(from.document), documentLines(to.document));
}
