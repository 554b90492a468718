import fc from 'fast-check';
import { picks } from '../script-command.ts';
import { command } from './command.ts';
import { advance } from './long-commands.ts';
import { expectTargets } from './real.ts';

export const time = fc
  .constantFrom(1, 999, 2_000, 5_000, 30_000, 60_000, 600_000, 3_600_000, 604_800_000)
  .map((milliseconds) =>
    command(`${milliseconds} ms pass`, (belief, real) => advance(belief, real, milliseconds)),
  );

/** To the very moment at which a claim, a rest or somebody's patience ends, or just before it. */
export const deadlines = fc.record({ pick: picks, early: fc.constantFrom(0, 0, 1) }).map(({ pick, early }) =>
  command(
    `it is ${early} ms before deadline ~${pick}`,
    async (belief, real) => {
      const near = belief.deadlines.slice(0, 3);
      const at = near[pick % near.length] ?? belief.now;
      const wait = at - early - belief.now;
      if (wait > 0) await advance(belief, real, wait);
      await expectTargets(belief, real);
    },
    (belief) => belief.deadlines.length > 0,
  ),
);
