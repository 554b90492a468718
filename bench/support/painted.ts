import type { Page } from 'playwright-core';

/**
 * When a page has painted what an expression, run in it, finds to be so: milliseconds since 1970, by the clock of this
 * machine, which the page shares. It is asked at each change of the page, so it should be quick.
 */
export function painted(page: Page, expression: string): Promise<number> {
  return page.evaluate<number>(`new Promise((resolve) => {
    const paint = () => requestAnimationFrame(() => {
      // After this frame was painted, and not before.
      const { port1, port2 } = new MessageChannel();
      port1.onmessage = () => resolve(performance.timeOrigin + performance.now());
      port2.postMessage(null);
    });
    const isSo = () => Boolean(${expression});
    if (isSo()) return paint();
    const observer = new MutationObserver(() => {
      if (!isSo()) return;
      observer.disconnect();
      paint();
    });
    observer.observe(document.body, { subtree: true, childList: true, characterData: true, attributes: true });
  })`);
}

/** Milliseconds since 1970 with fractions, as pages count. */
export function now(): number {
  return performance.timeOrigin + performance.now();
}
