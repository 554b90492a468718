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

/** Takes such a page a little at a time; `rest` lets other work through in between. */
export async function takePage(
  index: SearchIndex,
  from: Place,
  [standing, page = []]: readonly (readonly RawRow[] | undefined)[],
  rest: () => Promise<void>,
): Promise<void> {
  const found = standing?.[0]?.hash;
  let place = from;
  let hash = found === undefined ? undefined : String(found);
  for (let at = 0; at === 0 || at < page.length; at += AT_ONCE) {
    const entries = page.slice(at, at + AT_ONCE).map(entryOf);
    index.take(place, hash, entries);
    const last = entries.at(-1);
    if (last === undefined) return;
    place = { seq: last.seq, hash: last.hash };
    hash = last.hash;
    await rest();
  }
}

/** How far an index follows, at most. */
export interface Following {
  readonly through: number;
  readonly pages: number;
  rest(): Promise<void>;
}

/** Entries that are indexed at once, which takes milliseconds: nothing else that the object does waits longer. */
const AT_ONCE = 32;

/** Lets the index follow the ledger up to a sequence, or as far as so many pages bring it. */
export async function catchUp(
  database: Database,
  tenant: string,
  index: SearchIndex,
  { through, pages, rest }: Following,
): Promise<void> {
  for (let page = 0; page < pages && index.place.seq < through; page += 1) {
    const from = index.place;
    const results = await database.batch(nextPage(tenant, from));
    const rows = results.map((result) => result.rows);
    await takePage(index, from, rows, rest);
  }
}
