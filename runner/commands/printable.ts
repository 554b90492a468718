/** What a database or another process holds must not steer a terminal. */
export function printable(line: string): string {
  return line.replace(/\p{Cc}/gu, '\uFFFD');
}
