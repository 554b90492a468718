/** The two clocks of this machine, in milliseconds. */
export interface Clocks {
  /** Never set by anybody, but may stand still while the machine sleeps. */
  monotonicMs(): number;
  /** Goes on while the machine sleeps, but may be set. */
  wallMs(): number;
}

export const machineClocks: Clocks = { monotonicMs: () => performance.now(), wallMs: () => Date.now() };

/** Smaller differences are the clocks' resolution and drift, and adding them up would make time run fast. */
const SLEPT_MS = 1_000;

/**
 * How much time has passed since the stopwatch was made, in milliseconds, never less than the truth by more
 * than a second for each time the machine slept. Where the wall clock ran ahead of the monotonic one, the
 * machine slept or somebody set the clock; both count as time that passed, since too much of it only costs a renewal.
 */
export function stopwatch(clocks: Clocks): () => number {
  let elapsed = 0;
  let monotonic = clocks.monotonicMs();
  let wall = clocks.wallMs();
  return () => {
    const monotonicNow = clocks.monotonicMs();
    const wallNow = clocks.wallMs();
    const ran = Math.max(0, monotonicNow - monotonic);
    const slept = wallNow - wall - ran;
    elapsed += slept > SLEPT_MS ? ran + slept : ran;
    monotonic = monotonicNow;
    wall = wallNow;
    return elapsed;
  };
}
