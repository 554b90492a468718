import { closing } from '../acceptance/closing.ts';
import { proposing } from '../acceptance/proposing.ts';
import { settingUp } from '../acceptance/setting-up.ts';
import type { Scenario } from '../scenario.ts';

/** The acceptance run of the hosted plane, from one end to the other: each step needs those before it. */
export const acceptanceScenarios: readonly Scenario[] = [...settingUp, ...proposing, ...closing].map(
  ([step, what, play]) => ({
    area: 'acceptance run',
    what,
    section: step.includes(',') ? `6.2 steps ${step}` : `6.2 step ${step}`,
    story: 'the acceptance run',
    play,
  }),
);
