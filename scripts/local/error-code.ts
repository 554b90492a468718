/** The `code` that Node puts on system errors ('ENOENT', 'EADDRINUSE' ...), or null. */
export function errorCode(cause: unknown): string | null {
  if (!(cause instanceof Error) || !('code' in cause)) return null;
  return typeof cause.code === 'string' ? cause.code : null;
}
