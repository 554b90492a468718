import { useSyncExternalStore } from 'react';

const STEP_MS = 1_000;

let now = Date.now();
let timer: ReturnType<typeof setInterval> | undefined;
const listeners = new Set<() => void>();

/** The time, which goes on a step at a time while somebody looks. */
export function useNow(stepMs = STEP_MS): number {
  return useSyncExternalStore(follow, () => now - (now % stepMs));
}

function follow(listener: () => void): () => void {
  listeners.add(listener);
  timer ??= setInterval(tick, STEP_MS);
  return () => {
    listeners.delete(listener);
    if (listeners.size > 0) return;
    clearInterval(timer);
    timer = undefined;
  };
}

function tick(): void {
  now = Date.now();
  for (const listener of listeners) listener();
}
