import { expect, test } from 'vitest';
import { small } from './options.ts';
import { runRotationDrill } from './rotation-drill.ts';

/** Its steps are processes that start and end. */
const LONGEST_MS = 300_000;

test(
  'keys are rotated under traffic: nobody is shut out, and what was made with the old ones is refused in the end',
  async () => {
    const { figures, violations } = await runRotationDrill(small);
    expect(violations, JSON.stringify(figures)).toEqual([]);
  },
  LONGEST_MS,
);
