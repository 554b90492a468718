import { useMay } from '../plane/plane-context.ts';

/** Why the person would be refused this, as far as the page can tell; the plane itself decides. */
export function useRefusal(asked: string, who: string): string | undefined {
  return useMay(asked) ? undefined : `Your roles do not include this: ${who} may.`;
}
