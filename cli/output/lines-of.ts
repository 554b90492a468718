import { EndlessLine, linesOf as readLines } from '@countersign/client/lines-of';
import { exitCodes } from '../exit-codes.ts';
import { CliFault } from '../fault.ts';

/** The lines of UTF-8 text that comes in pieces, without their line feeds. Throws `CliFault` for one without end. */
export async function* linesOf(pieces: AsyncIterable<Uint8Array>): AsyncGenerator<string> {
  try {
    yield* readLines(pieces);
  } catch (cause) {
    if (!(cause instanceof EndlessLine)) throw cause;
    throw new CliFault(cause.message, { code: exitCodes.failed, cause });
  }
}
