import { appName, type HostedRunners, machineSpec, TOKEN_SECRET } from '../hosted-runners.ts';
import type { Hosted } from '../hosting/hosting-provider.ts';
import type { Means } from '../means.ts';
import type { Step } from '../saga/run-saga.ts';
import type { Found, Saga, StepEnd } from '../saga/saga.ts';

/** A look at a new machine lasts this long; one that starts slowly is looked at again. */
const HEALTH_MS = 20_000;

/** The steps that give a tenant a runner at the hosting provider; undone from the last to the first. */
export function hostRunner({ hostedRunners, tokenOf }: Means) {
  const nothingToUndo = async (): Promise<StepEnd> => ({ ok: true });
  const at = (action: (hosting: HostedRunners, saga: Saga) => Promise<StepEnd>) => async (saga: Saga) =>
    hostedRunners === undefined ? noHosting : action(hostedRunners, saga);
  return {
    host_app: {
      do: at(async (hosting, saga) => endOf(await hosting.provider(saga.tenant).ensureApp(appName(saga)))),
      undo: at(async (hosting, saga) => endOf(await hosting.provider(saga.tenant).removeApp(appName(saga)))),
    },
    host_secret: {
      do: at(async (hosting, saga) => {
        const set = await hosting
          .provider(saga.tenant)
          .ensureSecret(appName(saga), TOKEN_SECRET, tokenOf(saga));
        return endOf(set, ({ secretsVersion }) => ({ secretsVersion }));
      }),
      undo: nothingToUndo,
    },
    host_machine: {
      do: at(async (hosting, saga) => {
        const made = await hosting
          .provider(saga.tenant)
          .ensureMachine(appName(saga), machineSpec(hosting, saga));
        return endOf(made, ({ machineId }) => ({ machineId }));
      }),
      undo: nothingToUndo,
    },
    host_health: {
      do: at(async (hosting, saga) => {
        const { machineId = '' } = saga.found;
        return endOf(await hosting.provider(saga.tenant).awaitHealthy(appName(saga), machineId, HEALTH_MS));
      }),
      undo: nothingToUndo,
    },
  } satisfies Record<string, Step>;
}

const noHosting: StepEnd = { ok: false, trouble: { code: 'no_hosting_provider', mayPass: false } };

/** The provider's trouble in the words of a step. */
function endOf<Given>(hosted: Hosted<Given>, found?: (given: Given) => Partial<Found>): StepEnd {
  if (hosted.ok) return found === undefined ? { ok: true } : { ok: true, found: found(hosted) };
  const { code, mayPass } = hosted.trouble;
  const retryAfterMs = 'retryAfterMs' in hosted.trouble ? hosted.trouble.retryAfterMs : 0;
  return { ok: false, trouble: { code: `hosting_${code}`, mayPass, retryAfterMs } };
}
