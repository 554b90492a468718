import type { LimitView } from '@countersign/client/fleet-api';
import { isNear } from '@countersign/protocol/limits';

/** Whether how full a limit is, is to be worried about. */
export function fullness({ limit, used }: Pick<LimitView, 'limit' | 'used'>): 'low' | 'near' | 'full' {
  if (used >= limit) return 'full';
  return isNear({ limit, used }) ? 'near' : 'low';
}

/** `12 of 30,000 a minute`. */
export function usedText({ limit, used, window }: Pick<LimitView, 'limit' | 'used' | 'window'>): string {
  const count = `${used.toLocaleString()} of ${limit.toLocaleString()}`;
  return window == null ? count : `${count} a ${window}`;
}
