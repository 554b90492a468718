/** The code that Node puts on system errors (`ENOENT`, `EADDRINUSE`), or `unknown`. */
export function errorCode(cause: unknown): string {
  return cause instanceof Error && 'code' in cause ? String(cause.code) : 'unknown';
}
