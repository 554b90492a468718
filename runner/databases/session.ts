/** Rows are arrays of the database's own texts. */
export type Row = readonly (string | null)[];

/** One session of a database. It is used for one thing at a time; `isUsable` tells whether it may serve another. */
export interface Session {
  readonly isUsable: boolean;
  /** Says good-bye and closes. */
  close(): Promise<void>;
  /** Drops the connection as it is. Whether a running statement commits is then unknown. */
  destroy(): void;
}
