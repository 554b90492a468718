/** The labels in a line of text with commas between, each once. */
export function wordsIn(text: string): readonly string[] {
  const words = text
    .split(',')
    .map((word) => word.trim().normalize('NFC'))
    .filter((word) => word !== '');
  return [...new Set(words)];
}
