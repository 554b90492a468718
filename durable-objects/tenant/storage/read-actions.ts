import { isTimedLane, timedLanes } from '../actions/action-lane.ts';
import { targets } from '../actions-schema.ts';
import type { RowOf } from '../turn/keyed-tables.ts';
import { addKeyed, readDueIn } from './read-lanes.ts';
import type { Read } from './read-proposals.ts';
import { decodeRow, selectList } from './rows.ts';

/** Actions whose time has come, targets whose rest is over, and when to look again. */
export function dueActionReads(tenant: string, now: number): Read[] {
  return [
    ...timedLanes.map((lane) => readDueIn(tenant, 'actions', lane, now, (rows) => rows.dueActions)),
    readRestedTargets(tenant, now),
  ];
}

/** There are as many of them as the project has accounts at providers. */
function readRestedTargets(tenant: string, now: number): Read {
  return {
    statement: {
      sql: `SELECT ${selectList(targets, 'tg')} FROM targets tg WHERE tg.tenant = ?1 AND tg.until IS NOT NULL`,
      params: [tenant],
    },
    fill: (rows, found) => {
      const resting = found.map((raw) => decodeRow(targets, raw));
      addKeyed(rows, 'targets', resting);
      for (const { target, until } of resting) {
        if (until === null) continue;
        if (until <= now) rows.rested.push(target);
        else rows.deadlines.push(until);
      }
    },
  };
}

/** When something happens by the clock alone to what these rows have become. */
export function deadlinesOf(changed: {
  readonly actions: readonly {
    readonly before: RowOf<'actions'> | undefined;
    readonly after: RowOf<'actions'>;
  }[];
  readonly targets: readonly { readonly after: RowOf<'targets'> }[];
}): number[] {
  return [
    ...changed.actions
      .filter(({ before, after }) => isTimedLane(after.lane) && before?.rank !== after.rank)
      .map(({ after }) => after.rank ?? 0),
    ...changed.targets.flatMap(({ after }) => (after.until === null ? [] : [after.until])),
  ];
}
