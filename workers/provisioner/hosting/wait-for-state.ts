import type { FlyMachine } from './fly-answers.ts';
import type { FlyCall } from './fly-call.ts';
import type { FlyReply } from './fly-reply.ts';

/** Longer waits are cut by the proxy before the API (superfly/fly-go, flaps/flaps_machines_wait.go: 60 s). */
const LONGEST_S = 20;
/** From when the API gives up waiting until its answer is here. */
const ANSWER_MS = 2_000;

/**
 * `GET .../wait`: a yes once the machine is in that state, a 408 when it is not in time. It wants the version for `stopped`
 * (fly.io/docs/machines/api/machines-resource, "Wait for a Machine to reach a specified state").
 */
export function waitForState(
  call: FlyCall,
  app: string,
  machine: FlyMachine,
  state: 'started' | 'stopped',
): Promise<FlyReply> {
  const seconds = Math.max(1, Math.min(LONGEST_S, Math.floor((call.restMs - ANSWER_MS) / 1_000)));
  return call.send({
    method: 'GET',
    path: `/v1/apps/${app}/machines/${machine.id}/wait`,
    query: {
      state,
      timeout: String(seconds),
      // An update may just be giving it another version, of which the old one would never start.
      ...(state === 'stopped' && { instance_id: machine.instance_id }),
    },
    timeoutMs: seconds * 1_000 + ANSWER_MS,
  });
}
