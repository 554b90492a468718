import { setTimeout as pause } from 'node:timers/promises';

const ANSWERS_WITHIN_MS = 5_000;
const ASK_EVERY_MS = 100;

/** Whether a plane answers at an address, now. */
export async function isHealthy(url: string): Promise<boolean> {
  try {
    const answer = await fetch(`${url}/health`, { signal: AbortSignal.timeout(ANSWERS_WITHIN_MS) });
    await answer.body?.cancel();
    return answer.ok;
  } catch {
    return false;
  }
}

/** Whether a plane that has just been started answers before the time is over. */
export async function becomesHealthy(url: string, withinMs: number): Promise<boolean> {
  const until = Date.now() + withinMs;
  while (!(await isHealthy(url))) {
    if (Date.now() > until) return false;
    await pause(ASK_EVERY_MS);
  }
  return true;
}
