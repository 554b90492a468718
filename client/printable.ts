/** Controls, and what reorders or hides text without a trace. */
const UNPRINTABLE = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}\p{Co}]/gu;

/**
 * Makes text from elsewhere harmless where it is shown, and honest: what would move the cursor, turn the direction of
 * writing or be invisible is written out, since people decide by what they see here.
 */
export function printable(text: string): string {
  return text.replace(UNPRINTABLE, escaped);
}

/** JSON for a terminal or a program; it means the same, and what is not printable is escaped. */
export function printableJson(document: unknown): string {
  return `${JSON.stringify(document, null, 2).replace(UNPRINTABLE, (character) =>
    character === '\n' ? character : units(character),
  )}\n`;
}

/** The same in one line. */
export function printableJsonLine(document: unknown): string {
  return `${JSON.stringify(document).replace(UNPRINTABLE, units)}\n`;
}

function escaped(character: string): string {
  return `\\u{${(character.codePointAt(0) ?? 0).toString(16)}}`;
}

function units(character: string): string {
  return Array.from(
    { length: character.length },
    (_, place) => `\\u${character.charCodeAt(place).toString(16).padStart(4, '0')}`,
  ).join('');
}
