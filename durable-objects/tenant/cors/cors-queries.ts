import { settings } from '../governance-schema.ts';
import type { LookPlan } from '../queries/look.ts';
import { byKey } from '../storage/read.ts';
import { decodeRow } from '../storage/rows.ts';
import { answer } from '../turn/reply.ts';
import { corsSetting } from './cors-setting.ts';

export function listOrigins(tenant: string): LookPlan {
  return {
    statements: [byKey(settings, 'settings', 'name', tenant, ['cors'])],
    answer: ([rows = []]) => {
      const [raw] = rows;
      const { origins } = corsSetting(raw === undefined ? undefined : decodeRow(settings, raw));
      return answer({ ok: true, origins });
    },
  };
}
