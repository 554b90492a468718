/**
 * What an existing worker demands of a claimed job (PROTOCOL 3.3 to 3.7), written down by hand: it throws, and with it the
 * whole claim, for a job that it would refuse. None of our own schemas stands behind it.
 */

type Fields = Readonly<Record<string, unknown>>;

function demand(holds: boolean, what: string): asserts holds {
  if (!holds) throw new TypeError(`an existing worker refuses: ${what}`);
}

function fields(value: unknown, what: string): Fields {
  demand(typeof value === 'object' && value !== null && !Array.isArray(value), `${what} is no object`);
  return Object.fromEntries(Object.entries(value));
}

function list(value: unknown, what: string): readonly unknown[] {
  demand(Array.isArray(value), `${what} is no list`);
  return value;
}

function text(value: unknown, what: string): string {
  demand(typeof value === 'string' && value !== '', `${what} is no text`);
  return value;
}

const isScalar = (value: unknown) => value === null || ['string', 'number', 'boolean'].includes(typeof value);
const isDigest = (value: unknown) => typeof value === 'string' && /^sha256:.+$/.test(value);
const isIdentifier = (value: unknown) => typeof value === 'string' && /^[A-Za-z_][A-Za-z0-9_]*$/.test(value);

function columnValue(value: unknown, what: string): { readonly column: string; readonly value: unknown } {
  const { column, value: held } = fields(value, what);
  demand(isIdentifier(column), `${what} names no column`);
  demand(isScalar(held), `${what} has no value`);
  return { column: String(column), value: held };
}

function row(value: unknown, what: string): Fields {
  const found = fields(value, what);
  demand(Object.values(found).every(isScalar), `${what} holds what is no scalar`);
  return found;
}

/** The lease in both forms, in the future, and the job's own name. */
function checkEnvelope(job: Fields): void {
  const lease = fields(job.lease, 'lease');
  text(lease.lease_id, 'lease.lease_id');
  demand(Number.isInteger(lease.attempt) && Number(lease.attempt) >= 1, 'lease.attempt is no number');
  demand(Date.parse(text(lease.expires_at, 'lease.expires_at')) > Date.now(), 'the lease is over');
  demand(job.lease_id === lease.lease_id, 'two leases');
  demand(job.lease_expires_at === lease.expires_at, 'two ends of the lease');
  demand(job.attempt_count === lease.attempt, 'two attempts');
  const proposalId = text(job.proposal_id, 'proposal_id');
  demand(text(job.job_id, 'job_id').endsWith(proposalId), 'the job does not name its proposal');
  demand(isDigest(job.approval_id), 'approval_id');
  text(job.source_id, 'source_id');
  text(job.idempotency_key, 'idempotency_key');
  demand(job.engine === 'postgres' || job.engine === 'mysql', 'engine');
  const { contract_id, contract_version_id, digest } = fields(job.contract, 'contract');
  text(contract_id, 'contract.contract_id');
  text(contract_version_id, 'contract.contract_version_id');
  demand(isDigest(digest), 'contract.digest');
}

interface Target {
  readonly key: string;
  readonly value: unknown;
  readonly tenant: { readonly column: string; readonly value: unknown };
}

function targetOf(job: Fields): Target {
  const target = fields(job.target, 'target');
  demand(isIdentifier(target.schema) && isIdentifier(target.table), 'target names no table');
  const { column, value } = fields(target.primary_key, 'target.primary_key');
  demand(isIdentifier(column), 'target.primary_key names no column');
  return { key: String(column), value, tenant: columnValue(target.tenant_guard, 'target.tenant_guard') };
}

function allowedOf(job: Fields, { key, tenant }: Target): readonly string[] {
  const allowed = list(job.allowed_columns, 'allowed_columns').map(String);
  demand(allowed.every(isIdentifier), 'allowed_columns');
  demand(!allowed.includes(key) && !allowed.includes(tenant.column), 'a key is an allowed column');
  return allowed;
}

/** A claimed job as such a worker has read it: its version, its operation and its rows. */
export interface ReadJob {
  readonly version: string;
  readonly operation: string;
  readonly jobId: string;
  readonly leaseId: string;
  readonly rows: readonly { readonly column: string; readonly value: unknown }[];
  readonly job: Fields;
}

export function readClaimed(claimed: unknown): ReadJob {
  const job = fields(claimed, 'the job');
  checkEnvelope(job);
  const target = targetOf(job);
  const operation = text(job.operation, 'operation');
  const rows = rowsOf(job, operation, target);
  return {
    version: text(job.protocol_version, 'protocol_version'),
    operation,
    jobId: String(job.job_id),
    leaseId: String(job.lease_id),
    rows,
    job,
  };
}

function rowsOf(job: Fields, operation: string, target: Target) {
  switch (job.protocol_version) {
    case '2.0':
      return checkSingle(job, operation, target);
    case '3.0':
      return checkSet(job, operation, target);
    case '4.0':
      return checkCompensation(job, operation, target);
    default:
      throw new TypeError('an existing worker knows no such version');
  }
}

function checkSingle(job: Fields, operation: string, target: Target) {
  const allowed = allowedOf(job, target);
  const patch = Object.keys(row(job.patch, 'patch'));
  const guard = fields(job.conflict_guard, 'conflict_guard');
  demand(
    patch.every((column) => allowed.includes(column)),
    'patch sets what is not allowed',
  );
  if (operation === 'single_row_insert') {
    demand(guard.kind === 'none' && job.version_advance === undefined, 'an insert guards no version');
    const { components } = fields(job.deduplication, 'deduplication');
    const apart = list(components, 'components').map((one) => fields(one, 'component'));
    demand(
      apart.some(({ source }) => source === 'proposal_id'),
      'no proposal keeps it apart',
    );
    const ofTenant = apart.find(({ source }) => source === 'trusted_tenant');
    demand(ofTenant?.column === target.tenant.column, 'no tenant keeps it apart');
    demand(ofTenant?.value === target.tenant.value, 'another tenant keeps it apart');
    demand(
      apart.every(({ column }) => !patch.includes(String(column))),
      'patch sets what keeps it apart',
    );
    return [{ column: target.key, value: target.value ?? null }];
  }
  demand(isScalar(target.value) && target.value !== null, 'no row is named');
  demand(guard.kind === 'version_column' && isScalar(guard.expected_value), 'no version guards it');
  demand(job.deduplication === undefined, 'deduplication is for inserts');
  const isDelete = operation === 'single_row_delete';
  demand(isDelete === (patch.length === 0) && isDelete === (allowed.length === 0), 'patch');
  const advance =
    job.version_advance === undefined ? undefined : fields(job.version_advance, 'version_advance');
  demand(advance === undefined || (!isDelete && advance.column === guard.column), 'version_advance');
  return [{ column: target.key, value: target.value }];
}

function checkSet(job: Fields, operation: string, target: Target) {
  demand(target.value === undefined, 'a set names no single row');
  allowedOf(job, target);
  demand(fields(job.conflict_guard, 'conflict_guard').kind === 'none', 'a set is guarded by its members');
  const set = fields(job.frozen_set, 'frozen_set');
  const members = list(set.members, 'members').map((one) => fields(one, 'member'));
  demand(members.length === set.row_count && members.length <= Number(set.max_rows), 'row_count');
  demand(members.length >= 1 && Number(set.max_rows) <= 100, 'max_rows');
  demand(isDigest(set.set_digest), 'set_digest');
  for (const one of list(set.aggregate_bounds, 'aggregate_bounds')) {
    const bound = fields(one, 'bound');
    demand(Number(bound.actual) <= Number(bound.maximum), 'a bound is exceeded');
  }
  for (const member of members) {
    row(member.before, 'before');
    row(member.after, 'after');
    const digests = [member.before_digest, member.after_digest, member.tombstone_digest].map(isDigest);
    const due = {
      set_update: [true, true, false],
      set_delete: [true, false, true],
      batch_insert: [false, true, false],
    };
    demand(digests.join() === due[operation as keyof typeof due].join(), 'digests');
  }
  const hasPatch = Object.keys(row(job.patch, 'patch')).length > 0;
  demand(hasPatch === (operation === 'set_update'), 'patch');
  demand((job.version_advance !== undefined) === (operation === 'set_update'), 'version_advance');
  return inOrder(members.map(({ primary_key }) => columnValue(primary_key, 'primary_key')));
}

function checkCompensation(job: Fields, operation: string, target: Target) {
  const descriptor = fields(job.compensation, 'compensation');
  const place = fields(descriptor.target, 'compensation.target');
  const allowed = allowedOf(job, target);
  demand(isDigest(job.forward_receipt_hash), 'forward_receipt_hash');
  demand(job.freshness === undefined, 'freshness');
  demand(Object.keys(row(job.patch, 'patch')).length === 0, 'patch');
  demand(fields(job.conflict_guard, 'conflict_guard').kind === 'none', 'conflict_guard');
  demand(descriptor.availability === 'available' && descriptor.operation === operation, 'descriptor');
  demand(place.source_id === job.source_id && place.primary_key_column === target.key, 'descriptor.target');
  const tenant = columnValue(descriptor.tenant_guard, 'tenant_guard');
  demand(tenant.column === target.tenant.column && tenant.value === target.tenant.value, 'tenant_guard');
  const its = list(descriptor.allowed_columns, 'allowed_columns').map(String);
  demand(its.toSorted().join() === allowed.toSorted().join(), 'allowed_columns');
  const members = list(descriptor.members, 'members').map((one) => fields(one, 'member'));
  demand(members.length <= Number(descriptor.max_rows), 'max_rows');
  return inOrder(members.map(({ primary_key }) => columnValue(primary_key, 'primary_key')));
}

function inOrder(keys: readonly { readonly column: string; readonly value: unknown }[]) {
  const texts = keys.map(({ value }) => JSON.stringify(value));
  demand(new Set(texts).size === texts.length, 'a row is named twice');
  demand(
    texts.every((one, index) => index === 0 || (texts[index - 1] ?? '').localeCompare(one) <= 0),
    'order',
  );
  return keys;
}

const RESULT = `sha256:${'1'.repeat(64)}`;

/** What such a worker reports of an applied job; `changes` says how it differs (PROTOCOL 3.8). */
export function resultOf(
  { version, operation, jobId, leaseId, rows, job }: ReadJob,
  changes: Fields = {},
): Fields {
  const common = {
    protocol_version: version,
    job_id: jobId,
    lease_id: leaseId,
    runner_id: 'runner-1',
    operation,
    receipt_authority: 'source_db',
    status: 'applied',
    result_hash: RESULT,
    completed_at: new Date().toISOString(),
  };
  if (version === '2.0') {
    const gone = operation === 'single_row_delete' ? { tombstone_digest: `sha256:${'2'.repeat(64)}` } : {};
    return { ...common, affected_rows: 1, target_identity: rows, ...gone, ...changes };
  }
  const many = { ...common, affected_rows: rows.length, target_identities: rows };
  if (version === '4.0') return { ...many, member_effects: [], ...changes };
  const set = fields(job.frozen_set, 'frozen_set');
  const effects = list(set.members, 'members').map((one) => {
    const { primary_key, before_digest, after_digest, tombstone_digest } = fields(one, 'member');
    return { primary_key, before_digest, after_digest, tombstone_digest };
  });
  return { ...many, set_digest: set.set_digest, member_effects: effects, ...changes };
}
