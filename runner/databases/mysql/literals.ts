/**
 * A value as SQL text. Its bytes are hexadecimal digits, so that neither quotes nor backslashes, and no setting of the
 * session, can make anything else of it.
 */
export function textLiteral(text: string | null): string {
  return text === null ? 'NULL' : `_utf8mb4 ${bytesLiteral(text)}`;
}

/** The bytes of a text in UTF-8, to be compared as they are. */
export function bytesLiteral(text: string): string {
  return `X'${Buffer.from(text, 'utf8').toString('hex')}'`;
}
