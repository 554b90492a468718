import type { Engine, TestDatabase } from '../../support/database-server.ts';
import type { TargetRow } from './hostile-case.ts';
import { mysqlShop } from './mysql-shop.ts';
import { postgresShop } from './postgres-shop.ts';
import type { Row, Snapshot } from './shop-snapshot.ts';

/** What differs between engines of a shop full of bait. */
export interface HostileShop {
  /** @param receiptsSql what the runner prints for its receipt table */
  sql(receiptsSql: string): string;
  /** The rows that jobs are about, and rows with the same keys wherever a job that went astray would find them. */
  seed(db: TestDatabase, rows: readonly TargetRow[]): Promise<void>;
  snapshot(db: TestDatabase): Promise<Snapshot>;
  /** Everything that a statement that is no UPDATE could have made, changed or removed. */
  describe(db: TestDatabase): Promise<readonly Row[]>;
}

export const hostileShops: Readonly<Record<Engine, HostileShop>> = {
  postgres: postgresShop,
  mysql: mysqlShop,
};
