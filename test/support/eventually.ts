const LONGEST_MS = 15_000;
const BETWEEN_MS = 25;

/** Asks again and again until the answer is what is waited for; then that answer. Throws when it never is. */
export async function eventually<Value>(
  ask: () => Promise<Value>,
  isReached: (value: Value) => boolean,
  longestMs = LONGEST_MS,
): Promise<Value> {
  const until = Date.now() + longestMs;
  for (;;) {
    const value = await ask();
    if (isReached(value)) return value;
    if (Date.now() > until) throw new Error(`never reached; last: ${JSON.stringify(value)}`);
    await new Promise((resolve) => setTimeout(resolve, BETWEEN_MS));
  }
}
