import { canonicalJson, digest } from '@countersign/protocol/canonical-json';
import { type EntryType } from '@countersign/protocol/entry-types';
import { entryHash, genesisHash, type LedgerEntry } from '@countersign/protocol/ledger';

/** A tenant to be, with everything that it knows from its first moment. */
export interface NewTenant {
  /** `<issuer> <subject>` of whoever may bring the record back when the project is closed, where it is somebody's already. */
  readonly owner?: string;
  readonly tenant: string;
  readonly label: string;
  /** The name of the D1 binding that will hold its rows. */
  readonly shard: string;
  readonly region: string;
  /** Unix milliseconds. */
  readonly now: number;
  /** Names the batch that makes the head; a text that no other batch ever carries. */
  readonly nonce: string;
  readonly sources: readonly {
    readonly source_id: string;
    readonly name: string;
    readonly engine: 'postgres' | 'mysql';
  }[];
  readonly members: readonly NewMember[];
  readonly credentials: readonly NewCredential[];
}

export interface NewMember {
  /** `<issuer> <subject>`. */
  readonly person: string;
  readonly name: string;
  readonly roles: readonly string[];
  readonly approval_roles: readonly string[];
}

export interface NewCredential {
  readonly credential_id: string;
  readonly kind: 'runner' | 'agent' | 'service';
  readonly name: string;
  /** Of the token; the token itself is shown once and kept nowhere. */
  readonly digest: string;
  /** The key that made the token, by its id. */
  readonly mac_key?: string;
  readonly sources: readonly string[];
  readonly permissions: readonly string[];
  /** Unix milliseconds, or null for one that does not expire. */
  readonly expires_at: number | null;
  /** The tenant and principal that an agent acts for, by the names of a contract's bindings. */
  readonly bindings?: Readonly<Record<string, string>>;
  /** The capabilities that an agent may propose; all that are in force where this is absent. */
  readonly capabilities?: readonly string[];
  /** Accounts at providers that a worker may act on. */
  readonly targets?: readonly string[];
  readonly handlers?: readonly string[];
}

export interface SqlStatement {
  readonly sql: string;
  readonly params: readonly (string | number | null)[];
}

/** One batch for a tenant whose rows lie beside the directory: its line there, and itself. */
export function createTenantStatements(wanted: NewTenant): SqlStatement[] {
  const { tenant, label, shard, region, now, owner = null } = wanted;
  return [
    ...insert('tenants', [{ tenant, label, shard, region, status: 'active', owner, created_at: now }]),
    ...tenantRowsStatements(wanted),
  ];
}

/**
 * The one batch that makes a tenant in its shard: its first members and credentials, the ledger entries that say so, and
 * the head, which no one else ever creates. Fails whole when the tenant is there.
 */
export function tenantRowsStatements(wanted: NewTenant): SqlStatement[] {
  const { tenant, now } = wanted;
  const entries = genesisEntries(wanted);
  const last = entries.at(-1);
  return [
    ...insert(
      'ledger',
      entries.map((entry) => ({ ...ledgerColumns(entry), nonce: wanted.nonce })),
    ),
    ...insert(
      'sources',
      wanted.sources.map((source) => ({ tenant, ...source })),
    ),
    ...insert(
      'members',
      wanted.members.map((member) => ({
        tenant,
        ...member,
        status: 'active',
        ...tipOf(entries, `member/${member.person}`),
      })),
    ),
    ...insert(
      'credentials',
      wanted.credentials.map(({ mac_key: _, ...credential }) => ({
        tenant,
        ...credential,
        bindings: credential.bindings ?? {},
        capabilities: credential.capabilities ?? null,
        targets: credential.targets ?? [],
        handlers: credential.handlers ?? [],
        status: 'active',
        created_at: now,
        issued_by: 'system:provisioner',
        ...tipOf(entries, `credential/${credential.credential_id}`),
      })),
    ),
    ...insert('settings', [
      {
        tenant,
        name: 'control',
        value: { revision: 0, digest: digest([]), in_force: [] },
        tip_seq: 0,
        tip_hash: '',
      },
    ]),
    ...insert('heads', [
      {
        tenant,
        turn: 1,
        nonce: wanted.nonce,
        seq: last?.seq ?? 0,
        hash: last?.hash ?? genesisHash(tenant),
        // Nothing waits yet.
        counters: '{}',
      },
    ]),
  ];
}

/** The entry that began a row: the next one about it names it. */
function tipOf(entries: readonly LedgerEntry[], subject: string) {
  const entry = entries.find((one) => one.subject === subject);
  return { tip_seq: entry?.seq ?? 0, tip_hash: entry?.hash ?? '' };
}

function genesisEntries(wanted: NewTenant): LedgerEntry[] {
  const { tenant, label, region, now } = wanted;
  const facts: { type: EntryType; subject: string; body: Record<string, unknown> }[] = [
    { type: 'tenant.created', subject: `tenant/${tenant}`, body: { label, region, control_log: true } },
    ...wanted.sources.map((source) => ({
      type: 'source.registered' as const,
      subject: `source/${source.source_id}`,
      body: { ...source },
    })),
    ...wanted.members.map((member) => ({
      type: 'member.added' as const,
      subject: `member/${member.person}`,
      body: { ...member },
    })),
    ...wanted.credentials.map((credential) => ({
      type: 'credential.issued' as const,
      subject: `credential/${credential.credential_id}`,
      body: { ...credential },
    })),
  ];
  let prev_hash = genesisHash(tenant);
  return facts.map((fact, place) => {
    const unsealed = {
      tenant,
      seq: place + 1,
      at: new Date(now).toISOString(),
      actor: { kind: 'system' as const, id: 'provisioner' },
      ...fact,
      prev_hash,
      prev_subject_seq: null,
      prev_subject_hash: null,
    };
    const entry = { ...unsealed, hash: entryHash(unsealed) };
    prev_hash = entry.hash;
    return entry;
  });
}

function ledgerColumns({ actor, at, body, ...entry }: LedgerEntry): Record<string, unknown> {
  return { ...entry, at: Date.parse(at), actor_kind: actor.kind, actor_id: actor.id, body };
}

/** One statement for all rows of a table; they name the same columns. */
function insert(table: string, rows: readonly Readonly<Record<string, unknown>>[]): SqlStatement[] {
  const [first] = rows;
  if (first === undefined) return [];
  const columns = Object.keys(first);
  const values = columns.map((_, place) => `value ->> ${place}`).join(', ');
  const tuples = rows.map((row) => columns.map((column) => stored(row[column])));
  return [
    {
      sql: `INSERT INTO ${table} (${columns.join(', ')}) SELECT ${values} FROM json_each(?1)`,
      params: [JSON.stringify(tuples)],
    },
  ];
}

function stored(value: unknown): string | number | null {
  return value === null || typeof value === 'string' || typeof value === 'number'
    ? value
    : canonicalJson(value);
}
