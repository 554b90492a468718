import * as z from 'zod';

/** What the rounds of a measurement came to, as the bench writes it. */
export const spreadSchema = z.object({ median: z.number(), min: z.number(), max: z.number() });

export function spread({ median, min, max }: z.infer<typeof spreadSchema>): string {
  return `${rounded(median)} (${rounded(min)} to ${rounded(max)})`;
}

/** Three digits: what lies behind them differs from run to run. */
export function rounded(value: number): string {
  return value.toPrecision(3);
}
