import type { LedgerEntry } from '@countersign/protocol/ledger';
import type { ActivityFilter } from '../queries/activity-filter.ts';
import { ledgerPage } from '../queries/ledger-page.ts';
import { eventsOf, isWanted } from '../queries/list-activity.ts';
import type { LookPlan } from '../queries/look.ts';
import { entryOf } from '../queries/story.ts';
import type { IndexAccess } from '../search/search-plan.ts';
import type { LookOf } from '../turn/command.ts';
import { answer } from '../turn/reply.ts';
import { noSuchExport, requestIn, requestOf } from './read-export.ts';

/** What of an export one call brings. */
export interface ExportPart {
  readonly entries: readonly LedgerEntry[];
  /** The sequence that was looked at last; null where nothing is left. */
  readonly after: number | null;
  readonly project_id: string;
}

/** As a page of the whole record: a gateway holds one at a time. */
const bounds = { entries: 2_000, characters: 4_000_000 };

/**
 * A page of an export: the entries after `after` that its filter wants. A state is the one that a proposal has when the
 * file is fetched; everything else stands still from the moment in which the export was asked for.
 */
export function downloadExport(
  tenant: string,
  { after, exportId }: LookOf<'download-export'>,
  access: Pick<IndexAccess, 'database'>,
): LookPlan {
  return {
    statements: [requestOf(tenant, exportId)],
    answer: async ([rows = []]) => {
      const found = requestIn(exportId, rows);
      if (found === undefined) return noSuchExport();
      const { filter, through_seq: through } = found.request;
      const [page] = await access.database.batch([ledgerPage(tenant, { after, through, bounds })]);
      const entries = (page?.rows ?? []).map(entryOf);
      const last = entries.at(-1)?.seq ?? through;
      return answer({
        ok: true,
        entries: await wanted(tenant, entries, filter, access),
        after: last >= through ? null : last,
        project_id: tenant,
      });
    },
  };
}

async function wanted(
  tenant: string,
  entries: readonly LedgerEntry[],
  filter: ActivityFilter,
  access: Pick<IndexAccess, 'database'>,
): Promise<readonly LedgerEntry[]> {
  const events = await eventsOf(tenant, entries, access, true);
  return entries.filter((_entry, place) => {
    const event = events[place];
    return event !== undefined && isWanted(event, filter);
  });
}
