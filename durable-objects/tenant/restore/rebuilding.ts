import { genesisHash } from '@countersign/protocol/ledger';
import { ledgerPage, type PageBounds } from '../queries/ledger-page.ts';
import { BitSet } from '../rebuild/bit-set.ts';
import { activityOf, beginsUnderForeignId, isActivityRow, proposalIdOf } from '../rebuild/compare-lookups.ts';
import { placed } from '../rebuild/fold-ledger.ts';
import { foldStory, inChunks, storyEntries } from '../rebuild/fold-stories.ts';
import { FoldedTables } from '../rebuild/folded-tables.ts';
import { activity, type LedgerRow, ledger, type ProposalRow, proposalIds, proposals } from '../schema.ts';
import type { Database, Statement } from '../storage/database.ts';
import { decodeRow, insertRows } from '../storage/rows.ts';
import { ledgerEntry } from '../storage/write.ts';
import { type Counters, moveBetweenLanes, noCounters } from '../turn/head.ts';
import { keyedNames, keyedTables } from '../turn/keyed-tables.ts';

const bounds: PageBounds = { entries: 2_000, characters: 4_000_000 };
/** Each is read with all its entries. */
const PROPOSALS_AT_ONCE = 250;
const ROWS_AT_ONCE = 2_000;

/** An entry that no rule ever wrote: there are no rows that it could be folded into. */
export class Unfoldable extends Error {
  override name = 'Unfoldable';
  readonly seq: number;
  constructor(seq: number) {
    super(`entry ${seq} cannot be folded`);
    this.seq = seq;
  }
}

/** What the ledger came to: where it ends, and how many wait in each lane. */
export interface Rebuilt {
  readonly seq: number;
  readonly hash: string;
  readonly counters: Counters;
  readonly tables: FoldedTables;
}

/**
 * Makes a tenant's rows out of its ledger, in pieces that each fit into what one event may do. Whoever loses it in the
 * middle begins again: rows that are there already are replaced by the same.
 */
export class Rebuilding {
  readonly #database: Database;
  readonly #tenant: string;
  readonly #tables = new FoldedTables();
  readonly #pieces: AsyncGenerator<void, Rebuilt, undefined>;
  #tips = new BitSet(0);

  constructor(database: Database, tenant: string) {
    this.#database = database;
    this.#tenant = tenant;
    this.#pieces = this.#all();
  }

  /** Does so many pieces; what came of it when that was all. Throws `Unfoldable`, and what the database throws. */
  async go(pieces: number): Promise<Rebuilt | undefined> {
    for (let done = 0; done < pieces; done += 1) {
      const piece = await this.#pieces.next();
      if (piece.done === true) return piece.value;
    }
    return undefined;
  }

  async *#all(): AsyncGenerator<void, Rebuilt, undefined> {
    const through = await this.#end();
    this.#tips = new BitSet(through);
    let last = { seq: 0, hash: genesisHash(this.#tenant) };
    while (last.seq < through) {
      const page = ledgerPage(this.#tenant, { after: last.seq, through, bounds });
      const [found] = await this.#database.batch([page]);
      const rows = (found?.rows ?? []).map((raw) => decodeRow(ledger, raw));
      const end = rows.at(-1);
      if (end === undefined) throw new Unfoldable(last.seq + 1);
      for (const row of rows) this.#fold(row);
      await this.#write(lookupsOf(this.#tenant, rows));
      last = { seq: end.seq, hash: end.hash };
      yield;
    }
    let counters: Counters = noCounters;
    for (const tips of inChunks(this.#tips, PROPOSALS_AT_ONCE)) {
      const folded = await this.#stories(tips);
      for (const { lane } of folded) counters = moveBetweenLanes(counters, null, lane);
      await this.#write(replacing(insertRows(proposals, folded)));
      yield;
    }
    yield* this.#keyedTables();
    return { ...last, counters: this.#tables.countLanes(counters), tables: this.#tables };
  }

  async *#keyedTables(): AsyncGenerator<void> {
    for (const name of keyedNames) {
      for (const rows of inChunks(this.#tables.rows(name), ROWS_AT_ONCE)) {
        await this.#write(replacing(insertRows(keyedTables[name].table, rows)));
        yield;
      }
    }
  }

  async #end(): Promise<number> {
    const sql = 'SELECT max(seq) AS seq FROM ledger WHERE tenant = ?1';
    const [found] = await this.#database.batch([{ sql, params: [this.#tenant] }]);
    return Number(found?.rows[0]?.seq ?? 0);
  }

  async #stories(tips: readonly number[]): Promise<ProposalRow[]> {
    const [found] = await this.#database.batch([storyEntries(this.#tenant, tips)]);
    const entries = (found?.rows ?? []).map((raw) => decodeRow(ledger, raw));
    return [...Map.groupBy(entries, ({ subject }) => subject).values()].map((story) => {
      const row = foldStory(this.#tenant, story);
      if (row === undefined) throw new Unfoldable(story[0]?.seq ?? 0);
      return row;
    });
  }

  #fold(row: LedgerRow): void {
    if (!row.subject.includes('/')) {
      this.#tips.add(row.seq);
      if (row.prev_subject_seq !== null) this.#tips.remove(row.prev_subject_seq);
    }
    try {
      this.#tables.fold(this.#tenant, placed(row, ledgerEntry(row).body));
    } catch {
      throw new Unfoldable(row.seq);
    }
  }

  async #write(statements: readonly Statement[]): Promise<void> {
    if (statements.length > 0) await this.#database.batch(statements);
  }
}

/** The narrow rows by which events of runners and ids of clients are found. */
function lookupsOf(tenant: string, page: readonly LedgerRow[]): Statement[] {
  const events = page.filter(isActivityRow).flatMap(activityOf);
  const ids = page.filter((row) => beginsUnderForeignId(tenant, row)).map(proposalIdOf);
  return replacing([...insertRows(activity, events), ...insertRows(proposalIds, ids)]);
}

function replacing(statements: readonly Statement[]): Statement[] {
  return statements.map(({ params, sql }) => ({
    sql: sql.replace(/^INSERT /, 'INSERT OR REPLACE '),
    params,
  }));
}
