/** Those who wait for a condition that somebody else's work brings about. */
export class Waits {
  readonly #wakes = new Set<() => void>();

  /** Resolves when the condition holds, or when the signal aborts. */
  until(condition: () => boolean, signal?: AbortSignal): Promise<void> {
    if (condition() || signal?.aborted) return Promise.resolve();
    return new Promise((resolve) => {
      const wake = () => {
        if (!condition() && !signal?.aborted) return;
        this.#wakes.delete(wake);
        signal?.removeEventListener('abort', wake);
        resolve();
      };
      this.#wakes.add(wake);
      signal?.addEventListener('abort', wake);
    });
  }

  /** Something has changed: each condition is looked at anew. */
  look(): void {
    for (const wake of this.#wakes) wake();
  }
}
