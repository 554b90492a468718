import type { SourceConfig } from '../../config/runner-config.ts';
import {
  grantsOf,
  PASSWORD_PLACEHOLDER,
  type RoleOptions,
  TABLES_COMMENT,
  tableRights,
} from '../table-rights.ts';
import { quoteIdentifier, quoteTable, quoteTableName } from './identifiers.ts';
import { receiptTableSql } from './receipts-sql.ts';

/**
 * Makes the user of the runner, its receipt table, and gives it no right beyond those that it needs: what `doctor`
 * has no finding about in production. For whoever may create users and tables and pass on rights on the tables.
 */
export function grantsSql(config: SourceConfig, options: RoleOptions): string {
  const { receipts, tables } = config;
  const { password = PASSWORD_PLACEHOLDER } = options;
  const user = `'${options.role}'@'%'`;
  const columnRights = Object.entries(tables).map(([name, permission]) => {
    return `GRANT ${grantsOf(tableRights(config, permission), quoteIdentifier)}\n  ON ${quoteTableName(name)} TO ${user};`;
  });
  return `-- Whom the runner logs in as. Put the runner's address in place of % where you can, everywhere below.
-- Leave this statement away where the user is there already.
CREATE USER ${user} IDENTIFIED BY ${password};

-- The receipts: one for each job, which it may add and read and never change.
${receiptTableSql(receipts.schema, receipts.table)};
GRANT SELECT, INSERT ON ${quoteTable(receipts.schema, receipts.table)} TO ${user};

${TABLES_COMMENT}
${columnRights.join('\n')}
`;
}
