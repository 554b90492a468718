import type { LedgerEntry } from '@countersign/protocol/ledger';
import { ledger } from '../schema.ts';
import type { IndexAccess } from '../search/search-plan.ts';
import type { Statement } from '../storage/database.ts';
import { columnNames } from '../storage/rows.ts';
import type { LookOf } from '../turn/command.ts';
import { answer } from '../turn/reply.ts';
import { type ActivityEvent, activityEvent, activityTypes, isShown, type Outline } from './activity-event.ts';
import type { ActivityFilter } from './activity-filter.ts';
import { outlinesIn, outlinesOf } from './activity-outlines.ts';
import { decodeCursor, encodeCursor } from './cursor.ts';
import { findStory } from './find-story.ts';
import type { LookPlan } from './look.ts';
import { entryOf } from './story.ts';

/** How far back in the ledger one page looks for events, and at how many of them where a filter may drop most. */
const WINDOW = 5_000;
const MOST_LOOKED_AT = 500;
/** Later than any time that a machine can say. */
const NEVER = Number.MAX_SAFE_INTEGER;

/** Entries from the newest back. */
interface Reach {
  readonly entries: readonly LedgerEntry[];
  /** The oldest sequence that was looked at; 1 where there is nothing further back. */
  readonly through: number;
}

/**
 * Events of all proposals and runners, newest first. A page may be short, or empty, while `next_cursor` says that
 * there is more.
 */
export function listActivity(
  tenant: string,
  { cursor, filter, limit, lookup }: LookOf<'list-activity'>,
  access: IndexAccess,
): LookPlan {
  const [before = NEVER] = decodeCursor(cursor, 1) ?? [];
  const isFiltered = filter.status !== null || filter.capability !== null || filter.source !== null;
  const most = isFiltered ? MOST_LOOKED_AT : limit;
  return {
    statements: lookup === null ? [eventsBefore(tenant, before, filter, most)] : [],
    answer: async ([rows = []], { head, may }) => {
      const reach =
        lookup === null
          ? reachOf(rows.map(entryOf), Math.min(before, head.seq + 1), most)
          : storyReach((await findStory(tenant, lookup, access, head)).story?.entries ?? [], before);
      const isWhole = may('read-payloads');
      const found = await eventsOf(tenant, reach.entries, access, isWhole);
      const events = found.filter((event) => isWanted(event, filter));
      const shown = events.slice(0, limit);
      const last = events.length > limit ? shown.at(-1)?.ledger_seq : undefined;
      const end = last ?? (isOver(reach, filter) ? undefined : reach.through);
      return answer({ ok: true, events: shown, next_cursor: end === undefined ? null : encodeCursor(end) });
    },
  };
}

function eventsBefore(tenant: string, before: number, { from, to }: ActivityFilter, most: number): Statement {
  // Of what was proposed nothing is read here, and of what a runner tells not its details: both may be long.
  const body =
    "CASE WHEN l.type LIKE 'proposal.%' THEN '{}' ELSE json_remove(l.body, '$.detail') END AS body";
  const columns = columnNames(ledger).map((name) => (name === 'body' ? body : `l.${name} AS ${name}`));
  return {
    sql:
      `SELECT ${columns.join(', ')} FROM ledger l WHERE l.tenant = ?1 AND l.seq < ?2 ` +
      'AND l.seq >= (SELECT min(?2, h.seq + 1) - ?3 FROM heads h WHERE h.tenant = ?1) ' +
      'AND l.at >= ?4 AND l.at <= ?5 AND l.type IN (SELECT value FROM json_each(?6)) ORDER BY l.seq DESC LIMIT ?7',
    params: [tenant, before, WINDOW, from ?? 0, to ?? NEVER, JSON.stringify(activityTypes), most],
  };
}

function reachOf(entries: readonly LedgerEntry[], before: number, most: number): Reach {
  const last = entries.length < most ? undefined : entries.at(-1);
  return { entries, through: last?.seq ?? Math.max(1, before - WINDOW) };
}

function storyReach(story: readonly LedgerEntry[], before: number): Reach {
  const entries = story.filter((entry) => isShown(entry) && entry.seq < before).toReversed();
  return { entries, through: 1 };
}

/** Entries are in the order of time, so that none further back is of a time that is asked for. */
function isOver({ entries, through }: Reach, { from }: ActivityFilter): boolean {
  const oldest = entries.at(-1);
  return through <= 1 || (from !== null && oldest !== undefined && Date.parse(oldest.at) < from);
}

/** The entries as events, in their order. */
export async function eventsOf(
  tenant: string,
  entries: readonly LedgerEntry[],
  { database }: Pick<IndexAccess, 'database'>,
  isWhole: boolean,
): Promise<ActivityEvent[]> {
  // Ids of proposals have no slash; every other subject has.
  const ids = [...new Set(entries.map(({ subject }) => subject))].filter((subject) => !subject.includes('/'));
  const [found] = ids.length === 0 ? [] : await database.batch([outlinesOf(tenant, ids)]);
  const outlines: ReadonlyMap<string, Outline> = outlinesIn(found?.rows ?? []);
  return entries.map((entry) => activityEvent(entry, outlines.get(entry.subject), isWhole));
}

/** Whether a filter wants an event. */
export function isWanted(
  event: ActivityEvent,
  { capability, from, source, status, to }: ActivityFilter,
): boolean {
  const at = Date.parse(event.recorded_at);
  return (
    (status === null || event.status === status) &&
    (capability === null || event.capability === capability) &&
    (source === null || event.source_id === source) &&
    (from === null || at >= from) &&
    (to === null || at <= to)
  );
}
