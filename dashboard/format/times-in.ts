/** A stretch of text, or a time that stands in it. */
export type Piece = { readonly text: string } | { readonly at: string };

const TIME = /(\b\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?Z)/;

/** What the plane says in words, with the times in it apart: a reader is told those in their own zone. */
export function timesIn(text: string): readonly Piece[] {
  return text
    .split(TIME)
    .map((piece) => (TIME.test(piece) ? { at: piece } : { text: piece }))
    .filter((piece) => !('text' in piece) || piece.text !== '');
}
