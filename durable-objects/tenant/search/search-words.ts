/** Terms of one question, at most: each costs a lookup. */
const MOST_TERMS = 16;
/** `"a phrase"`, or a word. A quotation mark that nobody closed belongs to no word. */
const TERM = /"([^"]*)"|[^\s"]+/g;

/**
 * What a caller typed as an FTS5 expression: every word and phrase quoted, so that nothing of it is syntax; all of
 * them must be there. Undefined where there is nothing to look for.
 */
export function matchExpression(text: string): string | undefined {
  const terms = [...plain(text).matchAll(TERM)]
    .map(([whole, phrase]) => phrase ?? whole)
    .filter((term) => /[\p{L}\p{N}]/u.test(term))
    .slice(0, MOST_TERMS);
  return terms.length === 0 ? undefined : terms.map((term) => `"${term}"`).join(' ');
}

/** NUL would end the expression within its quotes. */
function plain(text: string): string {
  return text.replace(/[\u0000-\u001f\u007f]/g, ' ');
}
