import { settings } from '../governance-schema.ts';
import type { LookPlan } from '../queries/look.ts';
import { byKey } from '../storage/read.ts';
import { decodeRow } from '../storage/rows.ts';
import { answer } from '../turn/reply.ts';
import { freezeSetting, isInForce } from './freeze.ts';
import { freezeView } from './freeze-view.ts';

/** Every freeze that holds something back, or has not let go of everything yet. */
export function listFreezes(tenant: string): LookPlan {
  return {
    statements: [byKey(settings, 'settings', 'name', tenant, ['freezes'])],
    answer: ([rows = []], { now }) => {
      const [raw] = rows;
      const { freezes } = freezeSetting(raw === undefined ? undefined : decodeRow(settings, raw));
      const is_stopped = freezes.some((freeze) => freeze.is_stop && isInForce(freeze, now));
      return answer({ ok: true, is_stopped, freezes: freezes.map(freezeView) });
    },
  };
}
