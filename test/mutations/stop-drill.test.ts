import { expect, test } from 'vitest';
import { runStopDrill } from '../drills/stop/stop-drill.ts';

test('the drill of the emergency stop fails with a runner that does not mind its time to write by', async () => {
  const { figures, holds, violations } = await runStopDrill({ sources: 1, jobs: 25, isUnguarded: true });
  expect(violations.map(({ check }) => check)).toContain('late-begin');
  expect(figures.begun_after_limit).toBeGreaterThan(0);
  expect(holds).toBe(false);
});
