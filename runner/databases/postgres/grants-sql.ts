import type { SourceConfig } from '../../config/runner-config.ts';
import {
  grantsOf,
  PASSWORD_PLACEHOLDER,
  type RoleOptions,
  TABLES_COMMENT,
  tableRights,
} from '../table-rights.ts';
import { quoteIdentifier, quoteTable } from './identifiers.ts';
import { receiptTableSql } from './receipts-sql.ts';

/**
 * Makes the role of the runner, its receipt table, and gives it no right beyond those that it needs: what `doctor`
 * has no finding about in production. Statements without a transaction, for whoever owns the tables or is superuser.
 */
export function grantsSql(config: SourceConfig, options: RoleOptions): string {
  const { receipts, tables } = config;
  const { password = PASSWORD_PLACEHOLDER } = options;
  const role = quoteIdentifier(options.role);
  const receiptTable = quoteTable(receipts.schema, receipts.table);
  const names = Object.keys(tables).map((name) => name.split('.'));
  const schemas = [...new Set([...names.map(([schema = '']) => schema), receipts.schema])];
  const isOwnSchema = receipts.schema !== 'public' && !names.some(([schema]) => schema === receipts.schema);
  const columnRights = Object.entries(tables).map(([name, permission]) => {
    const [schema = '', table = ''] = name.split('.');
    return `GRANT ${grantsOf(tableRights(config, permission), quoteIdentifier)}\n  ON ${quoteTable(schema, table)} TO ${role};`;
  });
  return `-- Whom the runner logs in as. Leave this statement away where the role is there already.
CREATE ROLE ${role} LOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE PASSWORD ${password};
DO $$ BEGIN
  EXECUTE pg_catalog.format('GRANT CONNECT ON DATABASE %I TO ${role}', pg_catalog.current_database());
END $$;

-- It must not be able to create anything. PostgreSQL 15 and newer give no such right to everybody.
${isOwnSchema ? `CREATE SCHEMA IF NOT EXISTS ${quoteIdentifier(receipts.schema)};\n` : ''}${schemas.map((schema) => schemaRights(quoteIdentifier(schema), role)).join('\n')}

-- The receipts: one for each job, which it may add and read and never change.
${receiptTableSql(receipts.schema, receipts.table)};
REVOKE ALL ON ${receiptTable} FROM PUBLIC;
GRANT SELECT, INSERT ON ${receiptTable} TO ${role};

${TABLES_COMMENT}
${columnRights.join('\n')}
`;
}

function schemaRights(schema: string, role: string): string {
  return `REVOKE CREATE ON SCHEMA ${schema} FROM PUBLIC;\nGRANT USAGE ON SCHEMA ${schema} TO ${role};`;
}
