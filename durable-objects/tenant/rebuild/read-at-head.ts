import type { Head } from '../schema.ts';
import type { Database, RawRow, Statement } from '../storage/database.ts';

/** The record went on while it was compared: what was read before and after does not fit together. */
export class HeadMoved extends Error {
  override name = 'HeadMoved';
}

/** Reads pages of rows, all of them while the ledger ends at one entry. Throws `HeadMoved`. */
export class ReaderAtHead {
  readonly #database: Database;
  readonly #head: Head;
  /** Lets other work of the object through: pages take longer than a turn may wait. */
  readonly rest: () => Promise<void>;

  constructor(database: Database, head: Head, rest: () => Promise<void>) {
    this.#database = database;
    this.#head = head;
    this.rest = rest;
  }

  async read(...statements: Statement[]): Promise<(readonly RawRow[])[]> {
    const { tenant, seq, hash } = this.#head;
    const [head, ...results] = await this.#database.batch([
      { sql: 'SELECT seq, hash FROM heads WHERE tenant = ?1', params: [tenant] },
      ...statements,
    ]);
    const found = head?.rows[0];
    if (found?.seq !== seq || found?.hash !== hash) throw new HeadMoved('the record moved');
    return results.map(({ rows }) => rows);
  }
}
