import { expect, test } from 'vitest';
import { small } from './options.ts';
import { runRecoveryDrill } from './recovery-drill.ts';

/** Its steps wait for the machine. */
const LONGEST_MS = 240_000;

test(
  'a plane of which only the snapshots are left comes back row by row, and writes nothing twice',
  async () => {
    const { figures, violations } = await runRecoveryDrill(small);
    expect(violations, JSON.stringify(figures)).toEqual([]);
  },
  LONGEST_MS,
);
