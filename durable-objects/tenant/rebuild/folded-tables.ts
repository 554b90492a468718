import type { Placed } from '../turn/event.ts';
import { foldRows } from '../turn/fold-rows.ts';
import { type Counters, counterOfTable, moveBetweenLanes } from '../turn/head.ts';
import {
  forEachTable,
  type KeyedName,
  keyOfRow,
  type Put,
  type RowOf,
  type RowReader,
} from '../turn/keyed-tables.ts';

/** The keyed tables as the ledger makes them, from nothing. People, credentials and contracts are few: they fit. */
export class FoldedTables implements RowReader {
  readonly #tables: { readonly [Name in KeyedName]: Map<string, RowOf<Name>> } = forEachTable(
    () => new Map<string, unknown>(),
  );

  row<Name extends KeyedName>(name: Name, key: string): RowOf<Name> | undefined {
    return this.#tables[name].get(key);
  }

  keys(name: KeyedName): readonly string[] {
    return [...this.#tables[name].keys()];
  }

  rows<Name extends KeyedName>(name: Name): readonly RowOf<Name>[] {
    return [...this.#tables[name].values()];
  }

  fold(tenant: string, entry: Placed): void {
    for (const put of foldRows(tenant, this, entry)) this.#put(put);
  }

  /** The depths that actions, tasks and runs have in the head. */
  countLanes(counters: Counters): Counters {
    let counted = counters;
    for (const name of ['actions', 'steps', 'runs'] as const) {
      const counterOf = counterOfTable(name);
      for (const { lane } of this.#tables[name].values())
        counted = moveBetweenLanes(counted, null, lane, counterOf);
    }
    return counted;
  }

  #put({ name, row }: Put): void {
    const table: Map<string, RowOf<typeof name>> = this.#tables[name];
    table.set(keyOfRow(name, row), row);
  }
}
