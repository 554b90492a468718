import type { PieceView } from '@countersign/client/control-api';
import { documentLines } from '@countersign/client/document-lines';
import { type Edit, lineDiff } from '@countersign/client/line-diff';
import { printable } from '@countersign/client/printable';
import { diffText } from '../output/diff-text.ts';
import type { PieceVersion } from './piece.ts';

export interface ComparedVersions {
  readonly edits: readonly Edit[];
  /** Which versions these are, and how they differ. */
  readonly text: string;
}

/** What one version of a piece says differently from another; from nothing, where there is no other. */
export function compareVersions(
  { active_version, kind, name }: PieceView,
  from: PieceVersion | undefined,
  to: PieceVersion,
): ComparedVersions {
  const edits = lineDiff(from === undefined ? [] : documentLines(from.document), documentLines(to.document));
  const called = ({ version }: PieceVersion) =>
    `version ${version}${version === active_version ? ' (in force)' : ''}`;
  const title = `${kind} ${name}: ${from === undefined ? 'nothing in force' : called(from)} -> ${called(to)}`;
  return { edits, text: `${printable(title)}\n${diffText(edits) || 'no change\n'}` };
}
