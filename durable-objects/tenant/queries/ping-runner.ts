import { runners } from '../schema.ts';
import { byKey } from '../storage/read.ts';
import type { LookOf } from '../turn/command.ts';
import { answer, refuse } from '../turn/reply.ts';
import type { LookPlan } from './look.ts';

/** What a ping came to: how long the runner's next poll took to come, or undefined when none came in time. */
export type Ping = (runnerId: string) => Promise<number | undefined>;

/** A round trip through the runner's own poll: it is answered with nothing, and the next one is waited for. */
export function pingRunner(
  tenant: string,
  { runnerId }: LookOf<'ping-runner'>,
  polling: ReadonlySet<string>,
  ping: Ping,
): LookPlan {
  return {
    statements: [byKey(runners, 'runners', 'runner_id', tenant, [runnerId])],
    answer: async ([rows = []]) => {
      if (rows.length === 0) return refuse('runner_not_found', `there is no runner ${runnerId}`);
      if (!polling.has(runnerId))
        return answer({ ok: true, runner_id: runnerId, is_polling: false, round_trip_ms: null });
      const round_trip_ms = (await ping(runnerId)) ?? null;
      return answer({ ok: true, runner_id: runnerId, is_polling: true, round_trip_ms });
    },
  };
}
