/** How a worker's process ended that nobody had asked to. */
export interface Ended {
  readonly code: number | null;
  readonly signal: string | null;
  /** For how long it had run. */
  readonly livedMs: number;
  /** How often in a row it had ended soon, before this time. */
  readonly soonBefore: number;
}

export type AfterEnd =
  /** Another process would be refused as well: its configuration or its token is at fault. */
  { readonly kind: 'refused' } | { readonly kind: 'again'; readonly afterMs: number; readonly soon: number };

/** The runner's exit code for what no other start would change. */
const REFUSED = 3;
const SOON_MS = 30_000;
const FIRST_PAUSE_MS = 500;
const LONGEST_PAUSE_MS = 30_000;

/** What to do about a worker that ended: another at once where it had run well, later and later where none does. */
export function afterEnd({ code, livedMs, soonBefore }: Ended): AfterEnd {
  if (code === REFUSED) return { kind: 'refused' };
  const soon = livedMs < SOON_MS ? soonBefore + 1 : 0;
  if (soon === 0) return { kind: 'again', afterMs: 0, soon };
  return { kind: 'again', afterMs: Math.min(FIRST_PAUSE_MS * 2 ** (soon - 1), LONGEST_PAUSE_MS), soon };
}
