import type { Parameter } from '../storage/database.ts';

/** SQL in the object's own storage. It answers at once, unlike D1, and nobody but this object writes there. */
export interface OwnSql {
  all(sql: string, ...params: Parameter[]): Record<string, unknown>[];
  /** All that `work` writes, or nothing. */
  transaction(work: () => void): void;
}

export function ownSqlOf(storage: Storage): OwnSql {
  return {
    all: (statement, ...params) => storage.sql.exec(statement, ...params).toArray(),
    transaction: (work) => storage.transactionSync(work),
  };
}

interface Storage {
  readonly sql: { exec(sql: string, ...params: Parameter[]): { toArray(): Record<string, unknown>[] } };
  transactionSync(work: () => void): void;
}
