import type { Refusal } from '../problem.ts';

/** What the contract does not allow; `next` is what would pass. */
export function outside(message: string, next: string): Refusal {
  return { code: 'outside_contract', message, next };
}

/** Refuses the first pair that differs: what the contract says, and what the change set says. */
export function difference(pairs: readonly (readonly [string, unknown, unknown])[]): Refusal | undefined {
  const differing = pairs.find(([, reviewed, sent]) => reviewed !== sent);
  if (differing === undefined) return undefined;
  const [place, reviewed] = differing;
  const next = reviewed === undefined ? `no ${place}` : `${place}: ${String(reviewed)}`;
  return outside(`${place} is not what the contract says`, next);
}
