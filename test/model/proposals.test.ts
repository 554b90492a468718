import { expect, test } from 'vitest';
import { pushRequest } from '../support/contract.ts';
import { must } from '../support/must.ts';
import { commands } from './commands.ts';
import { modelContract } from './law.ts';
import { playScripts, printCounts, scriptCount, usePlanes } from './play-scripts.ts';
import { Belief, expectRecord, Real } from './real.ts';
import { Taken } from './transitions.ts';

/** Each is up to fifty commands on a tenant of its own. */
const SCRIPTS = scriptCount(1_250);
/** A script takes 150 ms of one core, and other suites run beside them. */
const TIMEOUT_MS = SCRIPTS * 500;

const planes = usePlanes();

test(
  'whatever is asked in whatever order, every answer and every state is as the rules say',
  async () => {
    const taken = new Taken();
    await playScripts(planes(), {
      scripts: SCRIPTS,
      lanes: 40,
      commands,
      // The first lane keeps its tenants' rows in D1, the others in their objects.
      begin: async (plane, lane) => {
        const tenant = await (lane === 0 ? plane.tenant() : plane.tenantWithOwnRows());
        const contracts = `/v1/control/projects/${tenant.project}/agent-contracts`;
        must(await tenant.olivia.post(contracts, pushRequest(modelContract())));
        return { belief: new Belief(taken), real: new Real(plane, tenant) };
      },
      end: expectRecord,
    });
    printCounts(taken.all);
    expect(taken.missing, 'transitions that were never taken').toEqual([]);
    expect(taken.unheardOf, 'transitions that there are not').toEqual([]);
  },
  TIMEOUT_MS,
);
