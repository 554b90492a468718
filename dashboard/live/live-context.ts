import type { LiveState } from '@countersign/client/live';
import { createContext, use } from 'react';

export const LiveContext = createContext<LiveState>({ kind: 'connecting', since: null });

/** Whether the page is told of changes as they happen. */
export function useLiveState(): LiveState {
  return use(LiveContext);
}

/** How often to ask, for what is not told: never while the feed tells it. For `refetchInterval`. */
export function useFallbackPoll(intervalMs: number): number | false {
  return useLiveState().kind === 'live' ? false : intervalMs;
}
