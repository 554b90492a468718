import { expect, test } from 'vitest';
import { playScripts, printCounts, scriptCount, usePlanes } from '../play-scripts.ts';
import { commands } from './commands.ts';
import { Belief, expectRecord, Real } from './real.ts';

/** Each is up to forty commands on a tenant of its own. */
const SCRIPTS = scriptCount(150);
const TIMEOUT_MS = 60_000 + SCRIPTS * 2_000;

const planes = usePlanes();

/** Answers and ends that a hundred scripts come to many times over. */
const required = [
  ...['add: done', 'cancel: done', 'cancel task: done', 'finish: run_not_idle'],
  ...['renew: done', 'renew: claim_foreign', 'return: done', 'return: claim_foreign'],
  ...['complete: done', 'complete: claim_expired', 'complete: claim_foreign', 'complete: confirm_differs'],
  ...['complete: task_canceled', 'fail: done', 'fail: claim_foreign', 'fail: confirm_differs'],
  ...['a run is open', 'a run is succeeded', 'a run is failed', 'a run is canceled'],
];

test(
  'whatever is asked of runs in whatever order, every answer, every task and every run is as the rules say',
  async () => {
    const seen = new Map<string, number>();
    await playScripts(planes(), {
      scripts: SCRIPTS,
      lanes: 10,
      commands,
      begin: async (plane) => ({
        belief: new Belief(seen),
        real: new Real(plane, await plane.tenantWithOwnRows()),
      }),
      end: expectRecord,
    });
    printCounts(seen);
    expect(required.filter((name) => !seen.has(name))).toEqual([]);
  },
  TIMEOUT_MS,
);
