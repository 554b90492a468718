import { expect, test } from 'vitest';
import { letAct } from '../../support/action-flow.ts';
import { playScripts, printCounts, scriptCount, usePlanes } from '../play-scripts.ts';
import { commands } from './commands.ts';
import { Belief, Real } from './real.ts';
import { expectRecord } from './record.ts';
import { Taken } from './taken.ts';

/** Each is up to forty commands on a tenant of its own. */
const SCRIPTS = scriptCount(150);
const TIMEOUT_MS = 60_000 + SCRIPTS * 2_000;

const planes = usePlanes();

test(
  'whatever is asked of the outbox in whatever order, every answer and every action is as the rules say',
  async () => {
    const taken = new Taken();
    await playScripts(planes(), {
      scripts: SCRIPTS,
      lanes: 10,
      commands,
      begin: async (plane) => {
        const tenant = await letAct(await plane.tenantWithOwnRows());
        return { belief: new Belief(taken), real: new Real(plane, tenant) };
      },
      end: expectRecord,
    });
    printCounts(taken.all);
    expect(taken.missing(SCRIPTS), 'steps that were never taken').toEqual([]);
    expect(taken.unheardOf, 'steps that there are not').toEqual([]);
  },
  TIMEOUT_MS,
);
