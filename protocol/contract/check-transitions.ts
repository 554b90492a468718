import type { Refusal } from '../problem.ts';
import type { Row } from './build-patch.ts';
import type { Capability } from './contract-document.ts';
import { own } from './own.ts';

/** Whether each guarded state may move from what the row has (`before`) to what the patch sets. */
export function checkTransitions(
  { proposal }: Capability,
  before: Readonly<Row>,
  patch: Readonly<Row>,
): Refusal | undefined {
  for (const [column, { from_column, allowed }] of Object.entries(proposal?.transition_guards ?? {})) {
    const from = own(before, from_column ?? column);
    const to = own(patch, column);
    const reachable = typeof from === 'string' ? (own(allowed, from) ?? []) : [];
    if (typeof to === 'string' && reachable.includes(to)) continue;
    return {
      code: 'transition_not_allowed',
      message: `${column} may not be changed so from where ${from_column ?? column} stands`,
      next: nextOf(column, from, reachable, allowed),
    };
  }
  return undefined;
}

function nextOf(
  column: string,
  from: unknown,
  reachable: readonly string[],
  allowed: Readonly<Record<string, readonly string[]>>,
): string {
  const texts = (values: readonly string[]) => values.map((value) => JSON.stringify(value)).join(', ');
  if (reachable.length > 0) return `${column}: from ${JSON.stringify(from)} to ${texts(reachable)}`;
  const now = typeof from === 'string' ? JSON.stringify(from) : 'what the row has now';
  return `${column}: nothing from ${now}; it changes only from ${texts(Object.keys(allowed))}`;
}
