import type { Scalar } from '@countersign/protocol/values';
import { toldInteger } from '../told-value.ts';

/** Numbers in pg_type, which are the same in every release. */
const BOOLEAN = 16;
const INTEGERS: ReadonlySet<number> = new Set([20, 21, 23]);

/** A value as it is told: truths and integers as such, everything else as the server writes it. */
export function shownValue(type: number | undefined, text: string | null): Scalar {
  if (text === null || type === undefined) return text;
  if (type === BOOLEAN) return text === 't';
  return INTEGERS.has(type) ? toldInteger(text) : text;
}
