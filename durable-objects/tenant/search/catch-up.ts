import { ledgerPage, type PageBounds } from '../queries/ledger-page.ts';
import { entryOf } from '../queries/story.ts';
import type { Database, RawRow, Statement } from '../storage/database.ts';
import type { Place, SearchIndex } from './search-index.ts';

const bounds: PageBounds = { entries: 500, characters: 1_000_000 };

/** What the index needs to go on from a place: whether the record still is the one that it read, and the next page. */
export function nextPage(tenant: string, { seq }: Place): Statement[] {
  return [
    { sql: 'SELECT hash FROM ledger WHERE tenant = ?1 AND seq = ?2', params: [tenant, seq] },
    ledgerPage(tenant, { after: seq, through: Number.MAX_SAFE_INTEGER, bounds }),
  ];
}

export function takePage(
  index: SearchIndex,
  from: Place,
  [standing, page]: readonly (readonly RawRow[] | undefined)[],
): void {
  const hash = standing?.[0]?.hash;
  index.take(from, hash === undefined ? undefined : String(hash), (page ?? []).map(entryOf));
}

/** Lets the index follow the ledger up to a sequence, or as far as so many pages bring it. */
export async function catchUp(
  database: Database,
  tenant: string,
  index: SearchIndex,
  { through, pages }: { readonly through: number; readonly pages: number },
): Promise<void> {
  for (let page = 0; page < pages && index.place.seq < through; page += 1) {
    const from = index.place;
    const results = await database.batch(nextPage(tenant, from));
    takePage(
      index,
      from,
      results.map(({ rows }) => rows),
    );
  }
}
