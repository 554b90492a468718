import { FreezeWatch } from '@countersign/client/freeze-watch';
import type { RunnerApi } from '@countersign/client/runner-api';
import { machineClocks } from '../clock/elapsed.ts';
import { ServerClock } from '../clock/server-clock.ts';
import { noTracing } from '../tracing/job-trace.ts';
import type { RunnerContext } from './runner-context.ts';

const unused = () => Promise.reject(new Error('not asked for here'));
const api: RunnerApi = {
  doctor: unused,
  register: unused,
  heartbeat: unused,
  claim: unused,
  renew: unused,
  release: unused,
  result: unused,
  claimRehearsals: unused,
  rehearsalResult: unused,
};

/** For tests: a context whose control plane answers nothing but what the test gives it. */
export function sampleContext({
  api: answered,
  ...changes
}: Partial<Omit<RunnerContext, 'api'>> & { readonly api?: Partial<RunnerApi> } = {}): RunnerContext {
  return {
    runnerId: 'runner-1',
    api: { ...api, ...answered },
    clock: new ServerClock(machineClocks),
    log: () => undefined,
    observe: () => undefined,
    freezes: new FreezeWatch({ begun: () => undefined, ended: () => undefined }),
    tracing: noTracing,
    isDryRun: false,
    drain: new AbortController().signal,
    giveUp: new AbortController().signal,
    ...changes,
  };
}
