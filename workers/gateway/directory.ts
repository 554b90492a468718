import type { Address } from '@countersign/durable-objects/tenant/hold';
import { Refused } from '@countersign/protocol/problem';

/** How long a directory line may be believed; a tenant is suspended or moved within this time. */
const BELIEVED_MS = 10_000;
const MOST_REMEMBERED = 10_000;

interface Line {
  readonly shard: string;
  readonly status: string;
}

const remembered = new Map<string, { readonly line: Line | undefined; readonly until: number }>();

/**
 * Where a tenant's rows are. One that is not in the directory is refused here and never gets an object. Throws
 * `Refused`: `project_not_found`, or `unavailable` when the directory cannot be read.
 */
export async function addressOf(directory: D1Database, tenant: string): Promise<Address> {
  const line = await lineOf(directory, tenant);
  if (line === undefined || line.status !== 'active') {
    throw new Refused({
      code: 'project_not_found',
      message: 'there is no such project, or you are not a member of it',
    });
  }
  return { tenant, shard: line.shard };
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
  try {
    const found = await directory
      .prepare('SELECT shard, status FROM tenants WHERE tenant = ?1')
      .bind(tenant)
      .first<Line>();
    return found ?? undefined;
  } catch (cause) {
    throw new Refused(
      { code: 'unavailable', message: 'the directory of projects cannot be read right now' },
      { cause },
    );
  }
}
