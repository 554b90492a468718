import type { MemberRow } from '../schema.ts';
import {
  forEachTable,
  type KeyedName,
  keyOfRow,
  type Put,
  type RowOf,
  type RowReader,
} from './keyed-tables.ts';
import type { Lacks, Needs } from './needs.ts';
import type { Change, Changes, Rows } from './rows.ts';
import { Table } from './table.ts';

const LEAST_READ = 16;

/** Rows of the keyed tables as a turn has them. A row that was not asked for is noted among what the turn lacks. */
export class KeyedRows implements RowReader {
  readonly #tables: { readonly [Name in KeyedName]: Table<string, RowOf<Name>> };
  readonly #asked: Needs;
  readonly #lacks: Lacks;
  readonly #roster: readonly MemberRow[];

  constructor(rows: Pick<Rows, 'keyed' | 'roster'>, asked: Needs, lacks: Lacks) {
    this.#asked = asked;
    this.#lacks = lacks;
    this.#roster = rows.roster;
    this.#tables = forEachTable((name) => tableOf(name, rows.keyed[name]));
  }

  row<Name extends KeyedName>(name: Name, key: string): RowOf<Name> | undefined {
    const row = this.#tables[name].get(key);
    if (row === undefined && !this.#asked.rows[name].has(key)) this.#lacks.rows[name].add(key);
    return row;
  }

  /** Whether it is a new row or a changed one, only who has looked can tell: so a row that was not read is a lack. */
  put({ name, row }: Put): void {
    this.row(name, keyOfRow(name, row));
    const table: Table<string, RowOf<typeof name>> = this.#tables[name];
    table.set(keyOfRow(name, row), row);
  }

  changed<Name extends KeyedName>(name: Name): readonly Change<RowOf<Name>>[] {
    return this.#tables[name].changed();
  }

  allChanged(): Changes['rows'] {
    return forEachTable((name) => this.#tables[name].changed());
  }

  /** All members, with what this turn changed. */
  roster(): readonly MemberRow[] {
    if (!this.#asked.roster) this.#lacks.roster = true;
    const changed = this.#tables.members.changed().map(({ after }) => after);
    const persons = new Set(changed.map(({ person }) => person));
    return [...this.#roster.filter(({ person }) => !persons.has(person)), ...changed];
  }

  /** The first rows of a lane of actions or of tasks, in its order. */
  inLane<Name extends 'actions' | 'steps'>(name: Name, lane: string, limit: number): readonly RowOf<Name>[] {
    // So many of those that stood at its front have left it in this turn.
    const left = this.changed(name).filter(
      ({ before, after }) => before?.lane === lane && after.lane !== lane,
    ).length;
    const wanted = limit + left;
    const asked = this.#asked.lanes.get(lane) ?? 0;
    // Further than is needed, so that a turn that takes one after the other does not read for each.
    if (asked < wanted) this.#lacks.lanes.set(lane, Math.max(wanted, 2 * asked, LEAST_READ));
    const table: Table<string, RowOf<Name>> = this.#tables[name];
    return table
      .rows()
      .filter((row) => row.lane === lane)
      .sort((a, b) => (a.rank ?? 0) - (b.rank ?? 0) || (keyOfRow(name, a) < keyOfRow(name, b) ? -1 : 1))
      .slice(0, limit);
  }
}

function tableOf<Name extends KeyedName>(
  name: Name,
  rows: readonly RowOf<Name>[],
): Table<string, RowOf<Name>> {
  const table = new Table<string, RowOf<Name>>();
  for (const row of rows) table.load(keyOfRow(name, row), row);
  return table;
}
