import { linesOf } from '@countersign/client/lines-of';
import { type ExportVerdict, verifyExport } from '@countersign/protocol/verify-export';

/** Well below what somebody notices; a page here may start no worker, so the work is done in slices of this. */
const SLICE_MS = 20;

export interface Verifying {
  /** Told now and then, how many lines were read. */
  readonly onProgress: (lines: number) => void;
  /** Gets each line before it is verified. */
  readonly onLine?: ((line: string) => void) | undefined;
  /** Gets each piece as it came, before it is verified. */
  readonly onPiece?: (piece: Uint8Array) => void;
}

/** Verifies an export by the code that the command line has, and lets the page go on meanwhile. Throws `ApiError`. */
export function verifyHere(
  pieces: AsyncIterable<Uint8Array>,
  { onLine, onPiece, onProgress }: Verifying,
): Promise<ExportVerdict> {
  return verifyExport(inSlices(linesOf(handedOn(pieces, onPiece)), onProgress, onLine));
}

async function* handedOn(
  pieces: AsyncIterable<Uint8Array>,
  onPiece: Verifying['onPiece'],
): AsyncGenerator<Uint8Array> {
  for await (const piece of pieces) {
    onPiece?.(piece);
    yield piece;
  }
}

async function* inSlices(
  lines: AsyncIterable<string>,
  onProgress: Verifying['onProgress'],
  onLine: Verifying['onLine'],
): AsyncGenerator<string> {
  let read = 0;
  let since = performance.now();
  for await (const line of lines) {
    onLine?.(line);
    yield line;
    read += 1;
    if (performance.now() - since < SLICE_MS) continue;
    onProgress(read);
    await new Promise((resolve) => setTimeout(resolve));
    since = performance.now();
  }
}
