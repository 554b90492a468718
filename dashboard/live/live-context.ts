import type { LiveState } from '@countersign/client/live';
import { createContext, use } from 'react';

export const LiveContext = createContext<LiveState>({ kind: 'connecting', since: null });

/** Whether the page is told of changes as they happen. */
export function useLiveState(): LiveState {
  return use(LiveContext);
}

export function useIsLive(): boolean {
  return useLiveState().kind === 'live';
}

/** How often to ask, for what is not told: never while the feed tells it, or as seldom as is said. For `refetchInterval`. */
export function useFallbackPoll(intervalMs: number, whileLiveMs: number | false = false): number | false {
  return useIsLive() ? whileLiveMs : intervalMs;
}
