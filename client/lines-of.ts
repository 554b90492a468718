/** Far more than an entry can have; a file without line feeds must not fill the memory. */
const LONGEST_LINE = 64 * 1024 * 1024;

/** What was read as lines has one without end. */
export class EndlessLine extends Error {
  override readonly name = 'EndlessLine';
}

/** The lines of UTF-8 text that comes in pieces, without their line feeds. Throws `EndlessLine`. */
export async function* linesOf(pieces: AsyncIterable<Uint8Array>): AsyncGenerator<string> {
  // Bytes that are no UTF-8 become a replacement character, and no hash holds over that.
  const decoder = new TextDecoder('utf-8', { ignoreBOM: true, fatal: false });
  let rest = '';
  for await (const piece of pieces) {
    const lines = (rest + decoder.decode(piece, { stream: true })).split('\n');
    rest = lines.pop() ?? '';
    if (rest.length > LONGEST_LINE) throw new EndlessLine('a line has no end: this is no export');
    yield* lines;
  }
  rest += decoder.decode();
  if (rest !== '') yield rest;
}
