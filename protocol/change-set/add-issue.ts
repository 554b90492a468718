import type * as z from 'zod';
import { coded } from '../values.ts';

/** Says what is wrong, and where: an issue with a code of the wire. */
export type Add = (path: readonly (string | number)[], code: string, message: string) => void;

/** The issues of a refinement; `at` is where what it looks at lies within the refined value. */
export function adder(context: z.core.$RefinementCtx, at: readonly (string | number)[] = []): Add {
  return (path, code, message) => context.addIssue({ ...coded(code, message), path: [...at, ...path] });
}

/** The same, one level further in. */
export function within(add: Add, ...at: readonly (string | number)[]): Add {
  return (path, code, message) => add([...at, ...path], code, message);
}
