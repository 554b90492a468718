/** What rounds of one measurement came to. */
export interface Spread {
  readonly median: number;
  readonly min: number;
  readonly max: number;
}

/** The value below or at which `share` (0 to 1) of the values lie. Throws for no values: there is no such number. */
export function percentile(values: readonly number[], share: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  const value = sorted[Math.max(0, Math.ceil(share * sorted.length) - 1)];
  if (value === undefined) throw new RangeError('no values were measured');
  return value;
}

/** The middle value, or the mean of the two in the middle. */
export function median(values: readonly number[]): number {
  const lower = percentile(values, 0.5);
  return values.length % 2 === 1 ? lower : (lower + percentile(values, 0.5 + 1 / values.length)) / 2;
}

export function spreadOf(values: readonly number[]): Spread {
  return {
    median: rounded(median(values)),
    min: rounded(Math.min(...values)),
    max: rounded(Math.max(...values)),
  };
}

/** Four significant digits: what lies behind them differs from run to run. */
export function rounded(value: number): number {
  return Number(value.toPrecision(4));
}
