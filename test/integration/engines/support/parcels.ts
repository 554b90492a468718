import { type ChangeSet, changeSetSchema } from '@countersign/protocol/change-set';
import { afterDigest, type Member } from '@countersign/protocol/change-set/frozen-set';
import { freeze, sampleMember } from '@countersign/protocol/change-set/sample-change-sets';
import { jobOf, type Leased } from '@countersign/protocol/job/job-of';
import { sampleLeased } from '@countersign/protocol/job/sample-leased';
import type { TablePermission } from '@countersign/runner/config/runner-config';
import type { Outcome, SourceDatabase } from '@countersign/runner/databases/source-database';
import { type VerifiedClaim, verifyClaim } from '@countersign/runner/verify/verify-claim';
import { always, type RunOptions, type Shop } from './use-shop.ts';

/* The parcels of the sample change sets, in a table of their own, and what jobs of every version do to them. */

/** In every engine's SQL. A label is named by the proposal that made it; the database makes its key. */
export const parcelsSql = `
  CREATE TABLE parcels (
    id varchar(60) NOT NULL, tenant_id varchar(40) NOT NULL, version bigint NOT NULL DEFAULT 1,
    fee_cents int CHECK (fee_cents >= 0), state varchar(20), PRIMARY KEY (tenant_id, id));
  INSERT INTO parcels VALUES ('P-1', 'acme', 7, 900, 'held'), ('P-2', 'acme', 7, 900, 'held'),
    ('P-3', 'acme', 7, 900, 'held'), ('P-1', 'globex', 7, 900, 'held');
  CREATE TABLE labels (
    id serial PRIMARY KEY, tenant_id varchar(40) NOT NULL, proposal_id varchar(60) NOT NULL,
    version bigint NOT NULL DEFAULT 1, fee_cents int, state varchar(20), UNIQUE (tenant_id, proposal_id));`;

const guards = {
  primary_key: 'id',
  tenant: { column: 'tenant_id' },
  version: { column: 'version', advance: 'integer' },
  columns: ['fee_cents', 'state'],
  protected_columns: [],
} satisfies TablePermission;

/** All that may be allowed of the parcels; nothing that happens beside a delete. */
export const parcels: TablePermission = {
  ...guards,
  operations: {
    insert: { deduplication_columns: ['id', 'tenant_id'] },
    delete: { cascades: false, triggers: false },
    sets: { max_rows: 10 },
    compensations: true,
  },
};

export const labels: TablePermission = {
  ...guards,
  operations: { insert: { deduplication_columns: ['tenant_id', 'proposal_id'] } },
};

export type Fields = Readonly<Record<string, unknown>>;

/** A change set of a sample as it would be for a table of this shop. */
export function changeSetOf(shop: Shop, sample: Fields, table = 'parcels'): ChangeSet {
  const [schema = '', name = ''] = shop.table(table).split('.');
  const kind = shop.server.engine === 'mysql' ? 'external_mysql' : 'external_postgres';
  return changeSetSchema.parse({
    ...sample,
    source: { ...Object(sample.source), kind, schema, table: name },
    ...compensationOf(sample, schema, name),
  });
}

function compensationOf({ compensation }: Fields, schema: string, table: string): Fields {
  if (compensation === undefined) return {};
  const { descriptor, ...rest } = Object(compensation);
  return {
    compensation: { ...rest, descriptor: { ...descriptor, target: { ...descriptor.target, schema, table } } },
  };
}

/** One element of a claim's `jobs`, as a control plane makes it of an approved change set. */
export function claimedOf(changeSet: ChangeSet, leased: Partial<Leased> = {}): unknown {
  const now = Date.now();
  return jobOf(
    changeSet,
    sampleLeased(changeSet, {
      sourceId: 'src_shop',
      lease: { lease_id: 'lse_1', attempt: 1, expires_at: new Date(now + 60_000).toISOString() },
      writeBy: new Date(now + 30_000).toISOString(),
      ...leased,
    }),
  );
}

export interface ParcelOptions extends RunOptions {
  readonly table?: string;
  readonly tables?: Readonly<Record<string, TablePermission>>;
}

/** What the shop's runner makes of a claimed job, held against a configuration that knows the source as `main_db`. */
export function verifiedBy(
  shop: Shop,
  claimed: unknown,
  tables: ParcelOptions['tables'] = { parcels, labels },
): VerifiedClaim {
  const source = { ...shop.config({ tables }), alias: 'main_db' };
  return verifyClaim({ sourceId: 'src_shop', projectId: undefined, source }, claimed);
}

export function databaseOf(
  shop: Shop,
  tables: ParcelOptions['tables'] = { parcels, labels },
): SourceDatabase {
  return shop.connect({ tables });
}

/** Verifies a job of a sample and carries it out. */
export async function carryOut(shop: Shop, sample: Fields, options: ParcelOptions = {}): Promise<Outcome> {
  const claim = verifiedBy(shop, claimedOf(changeSetOf(shop, sample, options.table)), options.tables);
  if (claim.kind !== 'accepted') throw new Error(`the job was ${claim.kind}: ${claim.reason}`);
  const {
    authority = always,
    database = databaseOf(shop, options.tables),
    giveUp = new AbortController().signal,
  } = options;
  return database.apply(
    claim.plan,
    { attempt: 1, leaseId: 'lse_1', runnerId: 'runner-1' },
    authority,
    giveUp,
  );
}

/** A set of the members of these keys, each as the samples have it but for the changes. */
export function membersOf(
  operation: 'set_update' | 'set_delete' | 'batch_insert',
  ids: readonly string[],
  change: (member: Member) => Member = (member) => member,
) {
  return freeze(
    operation,
    ids.map((id) => change(sampleMember(operation, id))),
  );
}

/** A row to be added that its table's own check refuses. */
export function poisoned(member: Member): Member {
  const spoiled = { ...member, after: { ...member.after, fee_cents: -1 } };
  return { ...spoiled, after_digest: afterDigest(spoiled) };
}

/** The parcels in order, each as one text. */
export async function parcelsIn(shop: Shop): Promise<readonly string[]> {
  const rows = await shop.db.query(
    'SELECT tenant_id, id, version, fee_cents, state FROM parcels ORDER BY 1, 2',
  );
  return rows.map(({ fee_cents, id, state, tenant_id, version }) =>
    [tenant_id, id, version, fee_cents, state].join(' '),
  );
}

export const UNTOUCHED = [
  'acme P-1 7 900 held',
  'acme P-2 7 900 held',
  'acme P-3 7 900 held',
  'globex P-1 7 900 held',
];
