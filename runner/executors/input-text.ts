import type { ActionInput } from '@countersign/protocol/action/providers';

/** A text of the input; undefined where it is absent, null, or no text. */
export function textOf(input: ActionInput, field: string): string | undefined {
  const value = input[field];
  return typeof value === 'string' ? value : undefined;
}
