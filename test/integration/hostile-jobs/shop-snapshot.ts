export type Row = Record<string, unknown>;
/** Every row of every table, by the table's name; `writer` is the transaction that last wrote it. */
export type Snapshot = Readonly<Record<string, readonly Row[]>>;
