import type { AgentContract } from '@countersign/protocol/contract/contract-document';

/**
 * Sample data for a first proposal: a schema of its own in a database of the newcomer, with one table and one row. It is
 * removed by dropping that schema.
 */
export interface Sample {
  readonly sourceId: string;
  readonly engine: 'postgres' | 'mysql';
}

export const SAMPLE_CAPABILITY = 'sample.change_note';
export const SAMPLE_TENANT = 'sample';
export const SAMPLE_ROW = 'NOTE-1';
const SCHEMA = 'countersign_sample';

export function sampleOf(sourceId: string, engine: Sample['engine']): Sample {
  return { sourceId, engine };
}

/** Makes the table and its row. The receipts of a runner lie beside it. */
export function sampleSql({ engine }: Sample): string {
  const key = engine === 'mysql' ? 'VARCHAR(64)' : 'text';
  return `CREATE SCHEMA ${SCHEMA};
CREATE TABLE ${SCHEMA}.notes (
  id ${key} PRIMARY KEY,
  tenant_id ${key} NOT NULL,
  version bigint NOT NULL,
  note ${engine === 'mysql' ? 'VARCHAR(200)' : 'text'} NOT NULL
);
INSERT INTO ${SCHEMA}.notes VALUES ('${SAMPLE_ROW}', '${SAMPLE_TENANT}', 1, 'as it was');
`;
}

/** The configuration of a runner that may write that table's one column, and nothing else. */
export function sampleRunnerConfig({ engine, sourceId }: Sample, url: string, projectId: string): string {
  const config = {
    control_plane: { url, token: { env: 'COUNTERSIGN_RUNNER_TOKEN' }, project_id: projectId },
    runner_id: 'first-runner',
    sources: {
      [sourceId]: {
        engine,
        database_url: { env: 'DATABASE_URL' },
        receipts: { schema: SCHEMA, table: 'countersign_receipts' },
        rehearsals: {},
        tables: {
          [`${SCHEMA}.notes`]: {
            primary_key: 'id',
            tenant: { column: 'tenant_id', values: [SAMPLE_TENANT] },
            version: { column: 'version', advance: 'integer' },
            columns: ['note'],
          },
        },
      },
    },
  };
  return `${JSON.stringify(config, null, 2)}\n`;
}

/** What an agent may propose of it: another note, which a person decides. */
export function sampleContract({ engine, sourceId }: Sample): AgentContract {
  return {
    spec_version: '0.1',
    kind: 'SynapsorContract',
    metadata: { name: 'sample-notes', version: '1.0.0', description: 'Notes of the sample table' },
    resources: [
      {
        name: 'notes',
        engine,
        schema: SCHEMA,
        table: 'notes',
        primary_key: 'id',
        tenant_key: 'tenant_id',
      },
    ],
    contexts: [
      {
        name: 'sample',
        tenant_binding: 'tenant_id',
        principal_binding: 'principal',
        bindings: [
          { name: 'tenant_id', source: 'cloud_session', key: 'tenant', required: true },
          { name: 'principal', source: 'cloud_session', key: 'sub', required: true },
        ],
      },
    ],
    capabilities: [
      {
        name: SAMPLE_CAPABILITY,
        description: 'Change the note of a row of the sample table',
        kind: 'proposal',
        context: 'sample',
        source: sourceId,
        subject: { resource: 'notes' },
        args: {
          note_id: { type: 'string', max_length: 32, description: `the row, such as ${SAMPLE_ROW}` },
          note: { type: 'string', max_length: 200, description: 'the new note' },
        },
        lookup: { id_from_arg: 'note_id' },
        visible_fields: ['id', 'note'],
        kept_out_fields: [],
        evidence: { required: true, query_audit: true },
        proposal: {
          action: SAMPLE_CAPABILITY,
          allowed_fields: ['note'],
          patch: { note: { from_arg: 'note' } },
          conflict_guard: { column: 'version' },
          approval: { mode: 'human', required_approvals: 1 },
          writeback: { mode: 'direct_sql' },
        },
      },
    ],
  };
}
