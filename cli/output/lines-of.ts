import { exitCodes } from '../exit-codes.ts';
import { CliFault } from '../fault.ts';

/** Far more than an entry can have; a file without line feeds must not fill the memory. */
const LONGEST_LINE = 64 * 1024 * 1024;

/** The lines of UTF-8 text that comes in pieces, without their line feeds. Throws `CliFault` for one without end. */
export async function* linesOf(pieces: AsyncIterable<Uint8Array>): AsyncGenerator<string> {
  // Bytes that are no UTF-8 become a replacement character, and no hash holds over that.
  const decoder = new TextDecoder('utf-8', { ignoreBOM: true, fatal: false });
  let rest = '';
  for await (const piece of pieces) {
    const lines = (rest + decoder.decode(piece, { stream: true })).split('\n');
    rest = lines.pop() ?? '';
    if (rest.length > LONGEST_LINE)
      throw new CliFault('a line has no end: this is no export', { code: exitCodes.failed });
    yield* lines;
  }
  rest += decoder.decode();
  if (rest !== '') yield rest;
}
