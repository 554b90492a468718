import { type LimitMark, namedLimits } from '@countersign/protocol/limits';
import type { Refusal } from '@countersign/protocol/problem';

/** Nobody can say when there is room again: often enough to notice, seldom enough to cost nothing. */
export const LOOK_AGAIN_MS = 30_000;

/** What whoever meets a limit is told. */
export function reachedLimit(mark: LimitMark, retryAfterMs: number): Refusal {
  const { counts, next, window } = namedLimits[mark.name];
  const most = `${mark.limit} ${window === null ? 'at a time' : `a ${window}`}`;
  return {
    code: 'limit_reached',
    message: `the limit ${mark.name} is reached: ${counts}, ${most}; nothing was changed`,
    next,
    retryAfterMs,
    limit: mark,
  };
}
