import type { Address } from '@countersign/durable-objects/tenant/hold';
import { Refused } from '@countersign/protocol/problem';

/** How long a directory line may be believed; a tenant is suspended or moved within this time. */
const BELIEVED_MS = 10_000;
const MOST_REMEMBERED = 10_000;

interface Line {
  readonly shard: string;
  readonly status: string;
  /** Who asked for it, where somebody signed up. */
  readonly owner: string | null;
}

const remembered = new Map<string, { readonly line: Line | undefined; readonly until: number }>();

const served: ReadonlySet<string> = new Set(['active', 'draining']);

/**
 * Where a tenant's rows are. One that is not in the directory is refused here and never gets an object. Throws
 * `Refused`: `project_not_found`, or `unavailable` when the directory cannot be read.
 */
export async function addressOf(directory: D1Database, tenant: string): Promise<Address> {
  return addressIn(tenant, await lineOf(directory, tenant));
}

/**
 * The same for a first run: a project that somebody signed up for is theirs from its beginning, so that no token of the
 * installation opens it. Throws `Refused`: `bootstrap_closed` besides.
 */
export async function bootstrapAddressOf(directory: D1Database, tenant: string): Promise<Address> {
  const line = await lineOf(directory, tenant);
  const address = addressIn(tenant, line);
  if (line?.owner == null) return address;
  throw new Refused({
    code: 'bootstrap_closed',
    message: 'somebody signed up for this project: it was theirs from its beginning',
    next: 'its owner issues tokens',
  });
}

function addressIn(tenant: string, line: Line | undefined): Address {
  if (line === undefined || !served.has(line.status)) {
    throw new Refused({
      code: 'project_not_found',
      message: 'there is no such project, or you are not a member of it',
    });
  }
  return { tenant, shard: line.shard };
}

/**
 * Where the rows of a project are, or will be, that is closed, and that the directory names this person the owner of;
 * undefined for any other. Never from memory: what is asked of a closed project is rare, and weighs much.
 */
export async function closedAddressOf(
  directory: D1Database,
  tenant: string,
  person: string,
): Promise<Address | undefined> {
  const line = await read(() =>
    directory
      .prepare(
        "SELECT shard FROM tenants WHERE tenant = ?1 AND owner = ?2 AND status IN ('suspended', 'archived')",
      )
      .bind(tenant, person)
      .first<{ shard: string }>(),
  );
  return line === null ? undefined : { tenant, shard: line.shard };
}

/** The project of a label, whatever its status; undefined where nobody has it. */
export async function projectOfLabel(directory: D1Database, label: string): Promise<string | undefined> {
  const now = Date.now();
  const known = labels.get(label);
  if (known !== undefined && known.until > now) return known.tenant;
  const found = await read(() =>
    directory.prepare('SELECT tenant FROM tenants WHERE label = ?1').bind(label).first<{ tenant: string }>(),
  );
  if (labels.size >= MOST_REMEMBERED) labels.clear();
  if (found !== null) labels.set(label, { tenant: found.tenant, until: now + BELIEVED_MS });
  return found?.tenant;
}

const labels = new Map<string, { readonly tenant: string; readonly until: number }>();

export interface OwnProject {
  readonly project_id: string;
  readonly label: string;
  readonly region: string;
  readonly status: string;
  readonly created_at: string;
}

/** The projects that a person has asked for. */
export async function projectsOf(directory: D1Database, person: string): Promise<readonly OwnProject[]> {
  const { results } = await read(() =>
    directory
      .prepare(
        'SELECT tenant AS project_id, label, region, status, created_at FROM tenants WHERE owner = ?1 ORDER BY tenant',
      )
      .bind(person)
      .all<Omit<OwnProject, 'created_at'> & { readonly created_at: number }>(),
  );
  return results.map(({ created_at, ...line }) => ({
    ...line,
    created_at: new Date(created_at).toISOString(),
  }));
}

async function lineOf(directory: D1Database, tenant: string): Promise<Line | undefined> {
  const now = Date.now();
  const known = remembered.get(tenant);
  if (known !== undefined && known.until > now) return known.line;
  const line = await readLine(directory, tenant);
  if (remembered.size >= MOST_REMEMBERED) remembered.clear();
  // An unknown name is not remembered: a tenant works from the moment that it is made.
  if (line !== undefined) remembered.set(tenant, { line, until: now + BELIEVED_MS });
  return line;
}

async function readLine(directory: D1Database, tenant: string): Promise<Line | undefined> {
  const found = await read(() =>
    directory
      .prepare('SELECT shard, status, owner FROM tenants WHERE tenant = ?1')
      .bind(tenant)
      .first<Line>(),
  );
  return found ?? undefined;
}

/** Throws `Refused` when the directory cannot be read: that passes. */
async function read<Found>(ask: () => Promise<Found>): Promise<Found> {
  try {
    return await ask();
  } catch (cause) {
    throw new Refused(
      { code: 'unavailable', message: 'the directory of projects cannot be read right now' },
      { cause },
    );
  }
}
