import type { Answers, TableAnswers } from './answers.ts';

/** The configuration of a runner that has just been set up: JSON with comments, for a person to read and change. */
export function configText(answers: Answers): string {
  const { controlPlaneUrl, databaseUrlEnv, engine, receipts, runnerId, sourceId, tables, tokenEnv } = answers;
  const [schema = '', table = ''] = receipts.split('.');
  return `// The configuration of countersign-runner. What is not named here does not exist for the runner.
// No secret belongs into this file: it only says which environment variable holds one. Where NAME_FILE is
// set instead of NAME, the secret is read from the file that it names.
{
  "control_plane": {
    "url": ${json(controlPlaneUrl)},
    // The runner's token, from the control plane.
    "token": { "env": ${json(tokenEnv)} }
  },
  // How the control plane knows this runner. Each process needs a name of its own.
  "runner_id": ${json(runnerId)},
  // dry_run: every write is tried and taken back, and its job given back. When that shows what you expect: "write".
  "mode": "dry_run",
  // production: a role that may do more than the runner needs is refused at the start.
  "profile": "production",
  // Answers /healthz, /readyz and /metrics on this machine; \`status\` and \`drain\` ask there too.
  // "http": { "port": 9464 },
  "sources": {
    ${json(sourceId)}: {
      "engine": ${json(engine)},
      "database_url": { "env": ${json(databaseUrlEnv)} },
      // One receipt for each write, in the same transaction; \`receipts-sql\` prints the table.
      "receipts": { "schema": ${json(schema)}, "table": ${json(table)} },
      // Allows proposed changes to be tried and taken back, so that whoever decides sees the row before and after. Shows no
      // column but those of a table's "columns", its key and version, and "visible_columns": [...]; \`doctor\` says which
      // rights to read that takes.
      // "rehearsals": { "per_agent_a_minute": 30 },
      "tables": {
${tables.map(tableText).join(',\n')}
      }
    }
  }
}
`;
}

function tableText(table: TableAnswers): string {
  const { columns, name, primaryKey, versionColumn, versionKind } = table;
  return `        ${json(name)}: {
          // Names a row: unique by itself, or together with the tenant column.
          "primary_key": ${json(primaryKey)},
${tenantText(table)}
          // NOT NULL, and goes up with every write: an approved change meets the row as it was approved, or does nothing.
          "version": { "column": ${json(versionColumn)}, "advance": ${json(versionKind)} },
          // What may be written. Nothing else can be, whatever anybody approves.
          "columns": [${columns.map(json).join(', ')}],
${operationsText(table)}
        }`;
}

function operationsText({ operations }: TableAnswers): string {
  if (operations !== undefined) {
    return `          // What may happen beside the update of one row; whatever has no word here does not.
          "operations": ${JSON.stringify(operations)}`;
  }
  return `          // Only updates of one row happen here. Each of these allows one thing more and needs further rights, which
          // \`doctor\` names.
          // "operations": {
          //   "insert": { "deduplication_columns": [...] }, // adds a row; a unique key must lie within these columns
          //   "delete": { "cascades": false, "triggers": false }, // removes a row, and whether anything may happen with it
          //   "sets": { "max_rows": 20 }, // does to so many rows at once, all or none, what may be done to one
          //   "compensations": true // takes back what was done, by what is allowed here anyway
          // }`;
}

function tenantText({ tenantColumn, tenantValues }: TableAnswers): string {
  if (tenantColumn === null) {
    return `          // A table of one tenant: rows are told apart by the key alone.
          "tenant": { "single_tenant": true },`;
  }
  const values = tenantValues.length === 0 ? '' : `, "values": [${tenantValues.map(json).join(', ')}]`;
  return `          // Every write is guarded by this column too${values === '' ? '; "values": [...] limits it to some' : ''}.
          "tenant": { "column": ${json(tenantColumn)}${values} },`;
}

function json(text: string): string {
  return JSON.stringify(text);
}
