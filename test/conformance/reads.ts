import * as z from 'zod';

/*
 * What existing clients read of answers, and no more: every other member is free. A member that they print or pass on
 * must be of the form that they can.
 */

export const text = z.string().min(1);
/** Displayed only (PROTOCOL 1.7). */
const time = z.iso.datetime();
export const fullDigest = z.string().regex(/^sha256:[0-9a-f]{64}$/);

/**
 * A page of a list: its items lie under a key of its route, and at the end `next_cursor` is null, empty or not there
 * (PROTOCOL 1.6).
 */
export function listOf<Item extends z.ZodType>(key: string, item: Item) {
  return z.looseObject({ next_cursor: z.string().nullish() }).transform((body) => ({
    items: z.array(item).parse(body[key]),
    next: body.next_cursor || undefined,
  }));
}

export const protocolAnswer = z.object({
  ok: z.literal(true),
  protocol_version: z.literal('synapsor.runner-control.v1'),
});

export const deviceAnswer = z.object({
  device_code: text,
  user_code: text,
  verification_uri_complete: z.url(),
  expires_in: z.number().positive(),
  interval: z.number().positive(),
});
export const deviceTokenAnswer = z.object({ access_token: text });

export const sessionOfPerson = z.object({
  context: z.object({
    actor: text,
    project_id: text,
    expires_at: time,
  }),
});
export const sessionOfService = z.object({
  context: z.object({
    key_id: text,
    project_id: text,
    expires_at: time.nullable(),
    scopes: z.array(text),
    entitlements: z.object({ plan: text, entitlement_status: text }),
  }),
});
export const statusAnswer = z.object({ ok: z.literal(true), status: text });
export const entitlementsAnswer = z.object({
  plan: text,
  billing_status: text,
  entitlement_status: text,
  grace_deadline: z.string().nullable(),
  blocked_reason: z.string().nullable(),
  entitlements: z.object({ plan: text, entitlement_status: text }),
  billing: z.object({ status: text }),
});
export const projectRow = z.object({ project_id: text, name: text, plan: text, status: text });
export const projectAnswer = z.object({ project: projectRow });
export const accountRow = z.object({ account_id: text, name: text, status: text });
export const sourceRow = z.object({ source_id: text, name: text, kind: text, status: text });
export const sourceAnswer = z.object({ source: sourceRow });

/** Either the role or the scopes are shown. */
export const apiKeyRow = z.object({
  key_id: text,
  name: text,
  role: text,
  scopes: z.array(text),
  status: text,
  token_prefix: text,
});
export const apiKeyAnswer = z.object({ api_key: apiKeyRow });
export const apiKeyMade = z.object({
  token: text,
  api_key: z.object({ key_id: text }),
  secret_available: z.literal(true),
});
/** The object that stays an object when the CLI redacts what it prints (PROTOCOL 2.3). */
const runnerTokenObject = z.object({
  token_id: text,
  token_prefix: text,
  source_ids: z.array(text).min(1),
  status: z.literal('active'),
});
export const runnerTokenMade = z.object({
  runner_token: z.string().startsWith('syn_run_'),
  token: runnerTokenObject,
  secret_available: z.literal(true),
});

export const contractRow = z.object({
  contract_id: text,
  current_version_number: z.number().int(),
  name: text,
  status: text,
  digest: fullDigest,
});
const versionRow = z.object({
  contract_version_id: text,
  version_number: z.number().int(),
  status: text,
  digest: fullDigest,
});
export const contractAnswer = z.object({ contract: contractRow, versions: z.array(versionRow).min(1) });
export const versionAnswer = z.object({
  version: z.object({ contract: z.looseObject({}), digest: fullDigest }),
});
export const pushAnswer = z.object({
  contract_id: text,
  contract_version_id: text,
  digest: fullDigest,
  status: text,
  version_number: z.number().int(),
  version: z.object({
    contract_version_id: text,
    risk_increasing: z.boolean(),
    semantic_diff: z.object({ changes: z.array(z.looseObject({ change: text })) }),
  }),
});
export const switchAnswer = z.object({
  contract: z.object({ active_version_id: text }),
  version: z.object({ contract_version_id: text }),
});

export const runnerRow = z.object({
  runner_id: text,
  status: text,
  runner_version: text,
  last_seen_at: time,
});
export const runnerAnswer = z.object({ runner: runnerRow });

export const doctorAnswer = z.object({
  ok: z.literal(true),
  authenticated: z.literal(true),
  source_id: text,
  permissions: z.array(text).min(1),
});
export const submitAnswer = z.object({ proposal_id: text, status: text });

/** What the linked runner mirrors (PROTOCOL 2.2); the acceptance run reads the same of it. */
export const followed = z.object({
  proposal_id: text,
  status: z.enum([
    'pending_review',
    'approved',
    'rejected',
    'applied',
    'conflict',
    'failed',
    'canceled',
    'indeterminate',
  ]),
  contract_id: text,
  contract_version_id: text,
  contract_digest: fullDigest,
  source_id: text,
  terminal: z.boolean(),
  decision: z.object({ status: text, actor: text, decided_at: time }).nullable(),
  job: z
    .object({
      job_id: text,
      status: text,
      attempt_count: z.number(),
      leased_runner_id: z.string().nullable(),
      lease_expires_at: z.string().nullable(),
    })
    .nullable(),
  result: z
    .object({
      status: text,
      source_database_mutated: z.boolean(),
      affected_rows: z.number(),
      receipt_id: text,
      result_hash: text,
      error_code: z.string().nullable(),
    })
    .nullable(),
  updated_at: text,
});

export const scalar = z.union([z.string(), z.number(), z.boolean(), z.null()]);
export const identifier = z.string().regex(/^[A-Za-z_][A-Za-z0-9_]*$/);
export const columnValue = z.object({ column: identifier, value: scalar });

/** A lease in both forms (PROTOCOL 3.3): a worker that reads neither throws away the whole claim. */
export const leaseFields = {
  lease: z.object({ lease_id: text, expires_at: z.iso.datetime(), attempt: z.number().int().min(1) }),
  lease_id: text,
  lease_expires_at: z.iso.datetime(),
  attempt_count: z.number().int().min(1),
};

/** The normalized job "1.0" with what a linked worker asks of it (PROTOCOL 3.4). */
export const jobOne = z.object({
  protocol_version: z.literal('1.0'),
  job_id: text,
  proposal_id: text,
  approval_id: text,
  contract: z.object({ contract_id: text, contract_version_id: text, digest: fullDigest }),
  source_id: text,
  engine: z.enum(['postgres', 'mysql']),
  operation: z.literal('single_row_update').optional(),
  target: z.object({
    schema: identifier,
    table: identifier,
    primary_key: columnValue,
    tenant_guard: columnValue,
  }),
  allowed_columns: z.array(identifier).min(1),
  patch: z.record(identifier, scalar),
  conflict_guard: z.object({
    kind: z.literal('version_column'),
    column: identifier,
    expected_value: scalar,
  }),
  idempotency_key: text,
  ...leaseFields,
});
export type JobOne = z.infer<typeof jobOne>;
export const claimAnswer = z.object({ jobs: z.array(z.looseObject({ job_id: text, ...leaseFields })) });

/** An item of the list of external writebacks (PROTOCOL 6.2, step 14). */
export const writebackRow = z.looseObject({
  proposal_id: text,
  status: text,
  source_database_mutated: z.boolean(),
  contract_digest: fullDigest,
  allowed_columns: z.array(text).min(1),
  conflict: z.looseObject({}),
  evidence_metadata: z.object({ payload_uploaded: z.literal(false) }),
  query_audit: z.object({ payload_uploaded: z.literal(false) }),
});

/** A row of `activity search`; the acceptance run reads the ids besides (PROTOCOL 6.2, step 21). */
export const activityRow = z.object({
  event_id: text,
  event_type: text,
  status: z.string().nullable(),
  proposal_id: z.string().nullable(),
  capability: z.string().nullable(),
  tenant_id: z.string().nullable(),
  principal: z.string().nullable(),
  receipt_id: z.string().nullish(),
  replay_id: z.string().nullish(),
  evidence_ids: z.array(text).optional(),
  query_audit_ids: z.array(text).optional(),
});
export const activityAnswer = z.object({
  proposal: z
    .looseObject({
      proposal_id: text,
      status: text,
      evidence_metadata: z.object({ payload_uploaded: z.literal(false) }),
    })
    .nullable(),
  events: z.array(activityRow).min(1),
  decisions: z.array(z.object({ status: text, actor: text, decided_at: time })).optional(),
  evidence: z.looseObject({}).nullish(),
  receipts: z.array(z.object({ receipt_id: text, status: text })).optional(),
  replay: z.looseObject({ replay_id: text }).nullish(),
  job: z.object({ job_id: text }).nullish(),
  integrity: z.object({ ok: z.boolean() }),
});
/** Of `exports create` and `exports status`. */
export const auditExportAnswer = z.object({ export: z.object({ export_id: text, status: text }) });
export const exportAnswer = z.object({
  export: z.looseObject({ integrity: z.looseObject({ ok: z.boolean() }) }),
  export_digest: fullDigest,
});
