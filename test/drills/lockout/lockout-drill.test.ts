import { expect, test } from 'vitest';
import { runLockoutDrill } from './lockout-drill.ts';
import { small } from './options.ts';

/** It deploys a plane several times over. */
const LONGEST_MS = 120_000;

test(
  'nobody is locked out of their own installation, and nobody else gets in meanwhile',
  async () => {
    const { attempts, violations } = await runLockoutDrill(small);
    expect(violations).toEqual([]);
    expect(attempts).toBeGreaterThan(0);
  },
  LONGEST_MS,
);

test(
  'attackers who have the bootstrap token are noticed',
  async () => {
    const { holds, violations } = await runLockoutDrill({ ...small, isLeaked: true });
    expect(holds).toBe(false);
    expect(violations.map(({ check }) => check)).toContain('taken-over');
  },
  LONGEST_MS,
);
