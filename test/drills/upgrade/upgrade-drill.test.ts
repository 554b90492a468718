import { expect, test } from 'vitest';
import { small } from './options.ts';
import { runUpgradeDrill } from './upgrade-drill.ts';

/** Its steps wait for the machine. */
const LONGEST_MS = 300_000;

test(
  'a plane and its runners go a release forward and back under traffic, and lose and double nothing',
  async () => {
    const { figures, violations } = await runUpgradeDrill(small);
    expect(violations, JSON.stringify(figures)).toEqual([]);
  },
  LONGEST_MS,
);
