import type { LimitMark } from '@countersign/protocol/limits';

/** Most of a limit is used up. Written once an hour for each limit, however many requests meet it. */
export type LimitEvent = { readonly type: 'limit.neared'; readonly body: LimitMark };
