import { canonicalJson } from '@countersign/protocol/canonical-json';
import type { LedgerEntry } from '@countersign/protocol/ledger';
import type { OwnSql } from './own-sql.ts';
import { type Searchable, type SearchKind, searchableOf, searchKinds } from './searchable.ts';

/** Raised with every change of what is indexed or how: an index of another form is made anew. */
const FORM = 2;

/** How far the index has read the ledger. */
export interface Place {
  readonly seq: number;
  /** Of the entry there; empty at the beginning. */
  readonly hash: string;
}

export interface Wanted {
  /** An FTS5 expression of `matchExpression`. */
  readonly match: string;
  /** Whether payloads may be looked into. If not, the words of payloads are in no table that is read. */
  readonly isWhole: boolean;
  readonly kinds: readonly SearchKind[];
  /** An agent that sees its own proposals only; null is no bound. */
  readonly proposer: string | null;
  readonly before: number;
  readonly limit: number;
}

export interface Hit {
  readonly seq: number;
  readonly kind: SearchKind;
  /** Null for evidence that belongs to no proposal. */
  readonly proposalId: string | null;
  readonly type: string;
  readonly at: string;
  /** Between `MARK.begin` and `MARK.end` stands what was looked for. */
  readonly snippet: string;
}

export const MARK = { begin: '\u0002', end: '\u0003' } as const;
const SNIPPET_WORDS = 24;

const TABLES = [
  'search_place',
  'search_entries',
  'search_proposers',
  'search_handles',
  'search_open',
  'search_whole',
];
const CREATE = [
  'CREATE TABLE IF NOT EXISTS search_place (one INTEGER PRIMARY KEY, form INTEGER, seq INTEGER, hash TEXT)',
  'CREATE TABLE IF NOT EXISTS search_entries ' +
    '(seq INTEGER PRIMARY KEY, kind TEXT, proposal TEXT, proposer TEXT, type TEXT, at TEXT)',
  'CREATE TABLE IF NOT EXISTS search_proposers (proposal TEXT PRIMARY KEY, proposer TEXT) WITHOUT ROWID',
  'CREATE TABLE IF NOT EXISTS search_handles (handle TEXT, seq INTEGER, PRIMARY KEY (handle, seq)) WITHOUT ROWID',
  // What bounds a search stands in a column of its own: it is looked up, and not filtered out of all that match.
  'CREATE VIRTUAL TABLE IF NOT EXISTS search_open USING fts5(words, bounds)',
  'CREATE VIRTUAL TABLE IF NOT EXISTS search_whole USING fts5(words, bounds)',
];

const BEGINNING: Place = { seq: 0, hash: '' };

/**
 * The full-text index of one tenant, in its object's own storage. It is derived from the ledger and follows it when
 * somebody searches; dropped, it is made anew. What a viewer may see has a table of its own, so that payloads change
 * neither the hits nor the snippets nor the work of a search that may not see them.
 */
export class SearchIndex {
  readonly #sql: OwnSql;
  #place: Place | undefined;

  constructor(sql: OwnSql) {
    this.#sql = sql;
  }

  /** Up to where entries have been taken. */
  get place(): Place {
    this.#place ??= this.#open();
    return this.#place;
  }

  /**
   * Takes the entries after `from`. `standing` is the hash that the ledger now has there: another one than was indexed
   * means that the record was rewound, and the index begins anew. Whoever read for a place that the index has left
   * meanwhile changes nothing.
   */
  take(from: Place, standing: string | undefined, entries: readonly LedgerEntry[]): void {
    if (from.seq !== this.place.seq || from.hash !== this.place.hash) return;
    if (from.seq > 0 && standing !== from.hash) {
      this.drop();
      return;
    }
    const last = entries.at(-1);
    if (last === undefined) return;
    this.#sql.transaction(() => {
      if (from.seq === 0) this.#create();
      for (const entry of entries) this.#add(entry);
      this.#sql.all('UPDATE search_place SET seq = ?1, hash = ?2', last.seq, last.hash);
    });
    this.#place = { seq: last.seq, hash: last.hash };
  }

  /** Forgets everything; the next search begins at the first entry. */
  drop(): void {
    this.#sql.transaction(() => {
      for (const table of TABLES) this.#sql.all(`DROP TABLE IF EXISTS ${table}`);
    });
    this.#place = undefined;
  }

  /** Newest first. */
  search({ isWhole, kinds, proposer, before, limit, ...wanted }: Wanted): Hit[] {
    if (this.place.seq === 0) return [];
    const match = boundedMatch(wanted.match, kinds, proposer);
    const table = isWhole ? 'search_whole' : 'search_open';
    const rows = this.#sql.all(
      `SELECT e.seq, e.kind, e.proposal, e.type, e.at, ` +
        `snippet(${table}, 0, char(2), char(3), '…', ${SNIPPET_WORDS}) AS snippet ` +
        `FROM ${table} CROSS JOIN search_entries e ON e.seq = ${table}.rowid ` +
        `WHERE ${table} MATCH ?1 AND ${table}.rowid < ?2 AND e.kind IN (SELECT value FROM json_each(?3)) ` +
        `AND (?4 IS NULL OR e.proposer = ?4) ORDER BY ${table}.rowid DESC LIMIT ?5`,
      match,
      before,
      canonicalJson(kinds),
      proposer,
      limit,
    );
    return rows.map(hitOf);
  }

  /** Sequences of the newest entries that carry this id. */
  sequencesOf(handle: string, most: number): number[] {
    return this.place.seq === 0
      ? []
      : this.#sql
          .all('SELECT seq FROM search_handles WHERE handle = ?1 ORDER BY seq DESC LIMIT ?2', handle, most)
          .map(({ seq }) => Number(seq));
  }

  /** Writes nothing: whoever asks first may not be allowed to. */
  #open(): Place {
    const [there] = this.#sql.all("SELECT name FROM sqlite_master WHERE name = 'search_place'");
    if (there === undefined) return BEGINNING;
    const [row] = this.#sql.all('SELECT form, seq, hash FROM search_place');
    if (row?.form === FORM) return { seq: Number(row.seq), hash: String(row.hash) };
    this.drop();
    return BEGINNING;
  }

  #create(): void {
    for (const statement of CREATE) this.#sql.all(statement);
    this.#sql.all("INSERT OR IGNORE INTO search_place (one, form, seq, hash) VALUES (1, ?1, 0, '')", FORM);
  }

  #add(entry: LedgerEntry): void {
    const found = searchableOf(entry);
    if (found === undefined) return;
    // Ids of proposals have no slash; every other subject has.
    const proposal = entry.subject.includes('/') ? null : entry.subject;
    const proposer = proposal === null ? null : this.#proposerOf(proposal, entry);
    this.#sql.all(
      'INSERT INTO search_entries (seq, kind, proposal, proposer, type, at) VALUES (?1, ?2, ?3, ?4, ?5, ?6)',
      entry.seq,
      found.kind,
      proposal,
      proposer,
      entry.type,
      entry.at,
    );
    this.#addWords(entry.seq, found, `${found.kind} ${proposer ?? ''}`);
    for (const handle of found.handles)
      this.#sql.all('INSERT OR IGNORE INTO search_handles (handle, seq) VALUES (?1, ?2)', handle, entry.seq);
  }

  #addWords(seq: number, { open, payload }: Searchable, bounds: string): void {
    const whole = payload === '' ? open : `${open} ${payload}`;
    this.#sql.all('INSERT INTO search_open (rowid, words, bounds) VALUES (?1, ?2, ?3)', seq, open, bounds);
    this.#sql.all('INSERT INTO search_whole (rowid, words, bounds) VALUES (?1, ?2, ?3)', seq, whole, bounds);
  }

  /** The first entry about a proposal is its proposer's. */
  #proposerOf(proposal: string, { actor }: LedgerEntry): string {
    const [known] = this.#sql.all('SELECT proposer FROM search_proposers WHERE proposal = ?1', proposal);
    if (known !== undefined) return String(known.proposer);
    const proposer = `${actor.kind}:${actor.id}`;
    this.#sql.all('INSERT INTO search_proposers (proposal, proposer) VALUES (?1, ?2)', proposal, proposer);
    return proposer;
  }
}

function boundedMatch(match: string, kinds: readonly SearchKind[], proposer: string | null): string {
  const oneOf = kinds.map((kind) => `"${kind}"`).join(' OR ');
  return [
    `words : (${match})`,
    ...(kinds.length === 0 || kinds.length === searchKinds.length ? [] : [`bounds : (${oneOf})`]),
    // Ids are exact, and words are not: the entries themselves are looked at as well.
    ...(proposer === null ? [] : [`bounds : "${proposer.replaceAll('"', '')}"`]),
  ].join(' AND ');
}

function hitOf(row: Record<string, unknown>): Hit {
  return {
    seq: Number(row.seq),
    kind: row.kind as SearchKind,
    proposalId: row.proposal === null ? null : String(row.proposal),
    type: String(row.type),
    at: String(row.at),
    snippet: String(row.snippet),
  };
}
