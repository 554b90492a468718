import type { SimulatedGuard } from './guard.ts';

const TENANT = 'durable-objects/tenant';

/** Guards of what is held back. */
export const freezeGuards: readonly SimulatedGuard[] = [
  {
    name: 'freezes, at a claim',
    mutation: {
      file: `${TENANT}/jobs/claim-jobs.ts`,
      find: 'const freeze = freezeOver(world, { source: source_id, runner: runner_id }, now);',
      replace: 'const freeze = undefined as ReturnType<typeof freezeOver>;',
    },
    alarm: 'freezes: ',
    seeds: 1_000,
  },
  {
    name: 'freezes of contracts and agents, at the front of a queue',
    mutation: {
      file: `${TENANT}/jobs/front-of-queue.ts`,
      find: 'const draft = freezeJob(world, row, now);',
      replace: 'const draft = undefined as ReturnType<typeof freezeJob>;',
    },
    alarm: 'freezes: ',
    seeds: 3_000,
  },
  {
    name: 'freezes, where what was queued is handed over',
    mutation: {
      file: `${TENANT}/waiting/hand-over.ts`,
      find: 'if (freezeOver(world, { source: sourceId, runner: runnerId }, now) !== undefined) continue;',
      replace: '',
    },
    alarm: 'freezes: ',
    seeds: 1_000,
  },
  {
    name: 'freezes, at a claim of rehearsals',
    mutation: {
      file: `${TENANT}/rehearsals/claim-rehearsals.ts`,
      find: 'const freeze = freezeOver(world, { source: source_id, runner: runner_id }, now);',
      replace: 'const freeze = undefined as ReturnType<typeof freezeOver>;',
    },
    alarm: 'freezes: ',
    seeds: 2_000,
  },
  {
    name: 'the thawing of what a freeze had moved',
    mutation: {
      file: `${TENANT}/freezes/sweep-freezes.ts`,
      find: '      .filter(isOfThis)\n      .map(thawJob),',
      replace: '      .filter(() => false)\n      .map(thawJob),',
    },
    alarm: 'liveness: ',
    seeds: 1_000,
  },
];
