const HOME = '\u001b[H';
const END_OF_LINE = '\u001b[K';
const BELOW = '\u001b[J';

/**
 * What makes a terminal show this text, and nothing of what stood there. Of a text that is longer than the screen only
 * its beginning is shown, which would else be gone first.
 *
 * @param height lines of the screen
 */
export function redraw(text: string, height: number): string {
  const lines = text.trimEnd().split('\n');
  // The cursor stands below the last line.
  const room = Math.max(height - 1, 1);
  const whole = lines.length > room ? room - 1 : lines.length;
  const left = lines.length - whole;
  const shown = [...lines.slice(0, whole), ...(left === 0 ? [] : [`... ${left} more lines`])];
  return HOME + shown.map((line) => `${line}${END_OF_LINE}\n`).join('') + BELOW;
}
