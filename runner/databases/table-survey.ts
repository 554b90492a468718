/** What a catalog says of a table, as far as somebody who configures it has to choose. */
export interface SurveyedTable {
  readonly columns: readonly SurveyedColumn[];
  /** The columns of each key that is unique. */
  readonly uniqueKeys: readonly (readonly string[])[];
}

export interface SurveyedColumn {
  readonly name: string;
  readonly type: string;
  /** As what kind of version it can serve. */
  readonly versionKind: 'integer' | 'timestamp' | undefined;
}

/** A look at a database that nothing is configured for yet. Only reads. Each throws `DatabaseFault`. */
export interface TableSurvey {
  /** The server's name and version. */
  readonly server: string;
  /** `schema.table` of each table that is not the server's own and can be configured, in order. */
  tables(): Promise<readonly string[]>;
  table(name: string): Promise<SurveyedTable | undefined>;
  close(): Promise<void>;
}
