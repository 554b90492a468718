import { expect, test } from 'vitest';
import { small } from './options.ts';
import { runTeardownDrill } from './teardown-drill.ts';

/** Its steps wait for the machine. */
const LONGEST_MS = 240_000;

test(
  'whoever leaves takes everything along, leaves nothing behind, and nobody else notices',
  async () => {
    const { figures, violations } = await runTeardownDrill(small);
    expect(violations, JSON.stringify(figures)).toEqual([]);
  },
  LONGEST_MS,
);
