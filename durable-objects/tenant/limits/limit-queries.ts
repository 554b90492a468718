import { type LimitName, type Limits, limitNames, namedLimits } from '@countersign/protocol/limits';
import { settings } from '../governance-schema.ts';
import type { LookPlan } from '../queries/look.ts';
import { time } from '../queries/proposal-view.ts';
import { byKey } from '../storage/read.ts';
import { decodeRow } from '../storage/rows.ts';
import { type Counters, countersOf } from '../turn/head.ts';
import { answer } from '../turn/reply.ts';
import { limitSetting } from './neared.ts';
import { countedInHead } from './standing-limits.ts';
import { tallied, tallyStatement } from './tally.ts';

/** What only the object's memory knows: the limits that apply, and how much of those a minute is used up. */
export interface LimitsNow {
  readonly limits: Limits;
  /** Of limits a minute, and of what is held. What is not there is not used. */
  readonly used: ReadonlyMap<LimitName, number>;
}

/** Every limit of the project, how much of it is used up, and when most of it was last. */
export function listLimits(tenant: string, { limits, used }: LimitsNow, asked: number): LookPlan {
  return {
    statements: [
      byKey(settings, 'settings', 'name', tenant, ['limits']),
      ...tallied.map((name) => tallyStatement(tenant, name, asked)),
    ],
    answer: ([rows = [], ...tallies], { head, now }) => {
      const [raw] = rows;
      const { neared } = limitSetting(raw === undefined ? undefined : decodeRow(settings, raw));
      const counted = new Map<LimitName, number>([
        ...used,
        ...tallied.map((name, place) => [name, Number(tallies[place]?.[0]?.tally ?? 0)] as const),
      ]);
      const counters = countersOf(head);
      return answer({
        ok: true,
        limits: limitNames.map((name) => {
          const at = neared[name];
          return {
            name,
            counts: namedLimits[name].counts,
            window: namedLimits[name].window,
            used: usedOf(name, counters, counted),
            limit: limits[name],
            neared_at: at === undefined ? null : time(at),
          };
        }),
        server_time: time(now),
      });
    },
  };
}

function usedOf(name: LimitName, counters: Counters, counted: ReadonlyMap<LimitName, number>): number {
  const inHead = isOpen(name) ? countedInHead(name, counters) : undefined;
  return inHead ?? counted.get(name) ?? 0;
}

function isOpen(name: LimitName): name is 'open_proposals' | 'open_actions' | 'open_runs' {
  return name.startsWith('open_');
}
