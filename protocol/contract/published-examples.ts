/* The examples of the format's own description: contracts that existing tools accept. */

export const boundedUpdate: unknown = {
  spec_version: '0.1',
  kind: 'SynapsorContract',
  metadata: { name: 'shipping-fee', version: '1.0.0' },
  resources: [
    {
      name: 'parcels',
      engine: 'postgres',
      schema: 'public',
      table: 'parcels',
      primary_key: 'id',
      tenant_key: 'tenant_id',
    },
  ],
  contexts: [
    {
      name: 'desk',
      tenant_binding: 'tenant_id',
      principal_binding: 'principal',
      bindings: [
        { name: 'tenant_id', source: 'environment', key: 'APP_TENANT', required: true },
        { name: 'principal', source: 'environment', key: 'APP_USER', required: true },
      ],
    },
  ],
  capabilities: [
    {
      name: 'shipping.propose_fee_change',
      kind: 'proposal',
      context: 'desk',
      source: 'main_db',
      subject: { resource: 'parcels' },
      args: {
        parcel_id: { type: 'string', required: true, max_length: 64 },
        fee_cents: { type: 'number', required: true, minimum: 0, maximum: 9000 },
        new_state: { type: 'string', enum: ['held', 'released'] },
      },
      lookup: { id_from_arg: 'parcel_id' },
      visible_fields: ['id', 'fee_cents', 'state', 'fee_source', 'version'],
      kept_out_fields: ['customs_note'],
      max_rows: 1,
      evidence: { required: true, query_audit: true },
      proposal: {
        action: 'shipping.fee_change',
        operation: { kind: 'update', version_advance: { column: 'version', strategy: 'integer_increment' } },
        allowed_fields: ['fee_cents', 'state', 'fee_source'],
        patch: {
          fee_cents: { from_arg: 'fee_cents' },
          state: { from_arg: 'new_state' },
          fee_source: { fixed: 'desk' },
        },
        numeric_bounds: { fee_cents: { minimum: 0, maximum: 9000 } },
        transition_guards: { state: { allowed: { 'new': ['held'], held: ['released'] } } },
        conflict_guard: { column: 'version' },
        approval: { mode: 'human', required_role: 'desk_lead', required_approvals: 2 },
        reversibility: { mode: 'reviewed_inverse' },
        writeback: { mode: 'direct_sql' },
      },
    },
  ],
};

export const policyApproved: unknown = {
  spec_version: '0.1',
  kind: 'SynapsorContract',
  contexts: [
    {
      name: 'bot',
      tenant_binding: 'tenant_id',
      principal_binding: 'principal',
      bindings: [
        { name: 'tenant_id', source: 'http_claim', key: 'org', required: true },
        { name: 'principal', source: 'http_claim', key: 'sub', required: true },
      ],
    },
  ],
  capabilities: [
    {
      name: 'loyalty.propose_points',
      kind: 'proposal',
      context: 'bot',
      source: 'main_db',
      subject: { schema: 'public', table: 'members', primary_key: 'id', tenant_key: 'org_id' },
      args: { member_id: { type: 'string' }, points: { type: 'number', minimum: 1, maximum: 2000 } },
      lookup: { id_from_arg: 'member_id' },
      visible_fields: ['id', 'pending_points', 'row_rev'],
      proposal: {
        action: 'loyalty.grant',
        allowed_fields: ['pending_points'],
        patch: { pending_points: { from_arg: 'points' } },
        numeric_bounds: { pending_points: { minimum: 1, maximum: 2000 } },
        conflict_guard: { column: 'row_rev' },
        approval: { mode: 'policy', required_role: 'loyalty_lead', policy: 'small_grants' },
        writeback: { mode: 'direct_sql' },
      },
    },
  ],
  policies: [
    {
      name: 'small_grants',
      kind: 'approval',
      mode: 'green',
      rules: [{ field: 'pending_points', max: 200 }],
      limits: [
        { kind: 'count', max: 20, period: 'day' },
        { kind: 'total', field: 'pending_points', max: 1500, period: 'day', scope: 'tenant_policy' },
      ],
    },
  ],
};

export const externalAction: unknown = {
  spec_version: '0.1',
  kind: 'SynapsorContract',
  contexts: [
    {
      name: 'desk',
      tenant_binding: 'tenant_id',
      principal_binding: 'principal',
      bindings: [
        { name: 'tenant_id', source: 'environment', key: 'APP_TENANT', required: true },
        { name: 'principal', source: 'environment', key: 'APP_USER', required: true },
      ],
    },
  ],
  capabilities: [
    {
      name: 'claims.propose_letter',
      kind: 'proposal',
      context: 'desk',
      source: 'main_db',
      subject: { schema: 'public', table: 'claims', primary_key: 'id', tenant_key: 'tenant_id' },
      args: { claim_id: { type: 'string' }, letter: { type: 'string', max_length: 1500 } },
      lookup: { id_from_arg: 'claim_id' },
      visible_fields: ['id', 'state', 'updated_at'],
      kept_out_fields: ['bank_account'],
      proposal: {
        action: 'claims.send_letter',
        allowed_fields: ['letter'],
        patch: { letter: { from_arg: 'letter' } },
        conflict_guard: { column: 'updated_at' },
        approval: { mode: 'operator', required_role: 'claims_lead' },
        writeback: { mode: 'app_handler', executor: 'letter_handler' },
      },
    },
  ],
  external_actions: [
    {
      id: 'send_letter',
      action: 'claims.send_letter',
      handler: 'letter_handler',
      idempotency_key: 'proposal_id',
    },
  ],
};
