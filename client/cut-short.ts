/**
 * Whether an answer without work came well before the time for which it should have been held: whoever cuts a poll
 * would be asked again in a hot loop. A ping wants the next poll at once.
 */
export function wasCutShort(
  { ping }: { readonly ping?: boolean | undefined },
  waitSeconds: number,
  tookMs: number,
): boolean {
  return ping !== true && tookMs < (waitSeconds * 1_000) / 2;
}
