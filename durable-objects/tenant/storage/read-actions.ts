import { isTimedLane, timedLanes } from '../actions/action-lane.ts';
import { actions, targets } from '../actions-schema.ts';
import type { KeyedName, RowOf } from '../turn/keyed-tables.ts';
import type { Rows } from '../turn/rows.ts';
import type { Read } from './read-proposals.ts';
import { decodeRow, selectList } from './rows.ts';

/** How many due actions of a lane one sweep takes. */
const MOST_DUE = 100;

/** Adds rows of a keyed table to those that were read. */
export function addKeyed<Name extends KeyedName>(
  rows: Rows,
  name: Name,
  found: readonly RowOf<Name>[],
): void {
  rows.keyed = { ...rows.keyed, [name]: [...rows.keyed[name], ...found] };
}

const IN_LANE = `SELECT ${selectList(actions, 'a')} FROM actions a WHERE a.tenant = ?1 AND a.lane = ?2`;

/** The first actions of a lane. What is held back lies in another one, so this reads what it returns. */
export function readActionLane(tenant: string, lane: string, limit: number): Read {
  return {
    statement: { sql: `${IN_LANE} ORDER BY a.rank, a.action_id LIMIT ?3`, params: [tenant, lane, limit] },
    fill: (rows, found) =>
      addKeyed(
        rows,
        'actions',
        found.map((raw) => decodeRow(actions, raw)),
      ),
  };
}

/** Actions whose time has come, targets whose rest is over, and when to look again. */
export function dueActionReads(tenant: string, now: number): Read[] {
  return [...timedLanes.map((lane) => readDueLane(tenant, lane, now)), readRestedTargets(tenant, now)];
}

function readDueLane(tenant: string, lane: string, now: number): Read {
  const { statement } = readActionLane(tenant, lane, MOST_DUE + 1);
  return {
    statement,
    fill: (rows, found) => {
      const ranked = found.map((raw) => decodeRow(actions, raw));
      addKeyed(rows, 'actions', ranked);
      const due = ranked.slice(0, MOST_DUE).filter(({ rank }) => (rank ?? 0) <= now);
      rows.dueActions.push(...due.map(({ action_id }) => action_id));
      const next = ranked[due.length];
      if (next !== undefined) rows.deadlines.push(next.rank ?? 0);
    },
  };
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
