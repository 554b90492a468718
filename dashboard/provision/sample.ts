import type { AgentContract } from '@countersign/protocol/contract/contract-document';

/**
 * Sample data for a first proposal: a schema of its own in a database of the newcomer, with one table and one row. It is
 * removed by dropping that schema.
 */
export interface Sample {
  readonly sourceId: string;
  readonly engine: 'postgres' | 'mysql';
}

export const SAMPLE_CAPABILITY = 'sample.set_quantity';
export const SAMPLE_TENANT = 'sample';
export const SAMPLE_ROW = 'ITEM-1';
/** What the sample agent proposes. */
export const SAMPLE_QUANTITY = 5;
const MOST = 100;
const SCHEMA = 'countersign_sample';

export function sampleOf(sourceId: string, engine: Sample['engine']): Sample {
  return { sourceId, engine };
}

/** Makes the table and its row. The receipts of a runner lie beside it. */
export function sampleSql({ engine }: Sample): string {
  const key = engine === 'mysql' ? 'VARCHAR(64)' : 'text';
  return `CREATE SCHEMA ${SCHEMA};
CREATE TABLE ${SCHEMA}.items (
  id ${key} PRIMARY KEY,
  tenant_id ${key} NOT NULL,
  version bigint NOT NULL,
  quantity bigint NOT NULL
);
INSERT INTO ${SCHEMA}.items VALUES ('${SAMPLE_ROW}', '${SAMPLE_TENANT}', 1, 1);
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
          [`${SCHEMA}.items`]: {
            primary_key: 'id',
            tenant: { column: 'tenant_id', values: [SAMPLE_TENANT] },
            version: { column: 'version', advance: 'integer' },
            columns: ['quantity'],
          },
        },
      },
    },
  };
  return `${JSON.stringify(config, null, 2)}\n`;
}

/** What an agent may propose of it: another quantity, which a person decides. */
export function sampleContract({ engine, sourceId }: Sample): AgentContract {
  return {
    spec_version: '0.1',
    kind: 'SynapsorContract',
    metadata: { name: 'sample-items', version: '1.0.0', description: 'Quantities of the sample table' },
    resources: [
      {
        name: 'items',
        engine,
        schema: SCHEMA,
        table: 'items',
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
        description: 'Set the quantity of a row of the sample table',
        kind: 'proposal',
        context: 'sample',
        source: sourceId,
        subject: { resource: 'items' },
        args: {
          item_id: { type: 'string', max_length: 32, description: `the row, such as ${SAMPLE_ROW}` },
          quantity: { type: 'number', minimum: 0, maximum: MOST, description: 'the new quantity' },
        },
        lookup: { id_from_arg: 'item_id' },
        visible_fields: ['id', 'quantity'],
        kept_out_fields: [],
        evidence: { required: true, query_audit: true },
        proposal: {
          action: SAMPLE_CAPABILITY,
          allowed_fields: ['quantity'],
          patch: { quantity: { from_arg: 'quantity' } },
          numeric_bounds: { quantity: { minimum: 0, maximum: MOST } },
          conflict_guard: { column: 'version' },
          approval: { mode: 'human', required_approvals: 1 },
          writeback: { mode: 'direct_sql' },
        },
      },
    ],
  };
}
