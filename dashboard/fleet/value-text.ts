import { span } from '../format/clock.ts';
import type { Unit } from './series.ts';

/** A value of a chart with its unit: `12`, `40 ms`, `3 min`. */
export function valueText(value: number | null, unit: Unit): string {
  if (value === null) return '–';
  if (unit === 'count') return value.toLocaleString();
  return value < 1 ? `${Math.round(value * 1_000)} ms` : span(value * 1_000);
}
