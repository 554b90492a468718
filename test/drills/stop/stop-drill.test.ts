import { expect, test } from 'vitest';
import { small } from './options.ts';
import { runStopDrill } from './stop-drill.ts';

/** Its steps wait for the machine; the promise itself is about ten seconds. */
const LONGEST_MS = 120_000;

test(
  'no write of a runner that was cut off begins after the limit that the stop named',
  async () => {
    const { figures, violations } = await runStopDrill(small);
    expect(violations, JSON.stringify(figures)).toEqual([]);
  },
  LONGEST_MS,
);
