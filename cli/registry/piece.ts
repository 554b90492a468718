import type { PieceView } from '@countersign/client/control-api';
import { digest } from '@countersign/protocol/canonical-json';
import { type ControlKind, controlKinds } from '@countersign/protocol/control/control-document';
import { operand } from '../command/command.ts';
import { wholeNumber } from '../command/listing.ts';
import { exitCodes } from '../exit-codes.ts';
import { CliFault, usageFault } from '../fault.ts';

/** A piece of the registry as it is named on the command line: by its kind, and its name within that. */
export interface PieceName {
  readonly kind: ControlKind;
  readonly name: string;
}

/** The first two operands. Throws `CliFault` for a kind that there is not. */
export function pieceNamed(operands: readonly string[]): PieceName {
  const named = operand(operands, 0);
  const kind = controlKinds.find((one) => one === named);
  if (kind === undefined) throw usageFault(`the kind is one of ${controlKinds.join(', ')}`);
  return { kind, name: operand(operands, 1) };
}

const MOST_VERSIONS = 999_999;

/** The number of a version that was typed. Throws `CliFault`. */
export function versionNumber(text: string, what: string): number {
  return wholeNumber(text, what, 1, MOST_VERSIONS);
}

export type PieceVersion = PieceView['versions'][number];

/** A version by its number. Throws `CliFault` where there is none, or what came is not what was saved. */
export function versionOf({ kind, name, versions }: PieceView, number: number): PieceVersion {
  const found = versions.find(({ version }) => version === number);
  if (found === undefined) {
    throw new CliFault(`${kind} ${name} has no version ${number}`, {
      code: exitCodes.failed,
      next: `countersign registry show ${kind} ${name}`,
    });
  }
  if (digest(found.document) !== found.digest) {
    throw new CliFault(`what came for version ${number} of ${kind} ${name} has another digest`, {
      code: exitCodes.conflict,
    });
  }
  return found;
}

/** The one that was saved last. Throws `CliFault`. */
export function newestOf(piece: PieceView): PieceVersion {
  return versionOf(piece, piece.newest_version ?? 0);
}

/** The one in force; undefined where none is. Throws `CliFault`. */
export function inForceOf(piece: PieceView): PieceVersion | undefined {
  return piece.active_version === null ? undefined : versionOf(piece, piece.active_version);
}
