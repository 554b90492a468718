import { releaseOfSchema } from '@countersign/protocol/schema-release';
import { type RecordCopy, verifyRecordCopy } from './verify-record-copy.ts';

/** What an upgrade on Cloudflare is done with. */
export interface UpgradeMeans {
  /** Runs wrangler with the operator's login; what it printed. Rejects where it failed. */
  wrangler(...args: string[]): Promise<string>;
  /** The path of a file in the folder of copies, by its name. */
  pathOf(name: string): string;
  read(path: string): Promise<string>;
  say(line: string): void;
}

export interface UpgradeWish {
  /** The names of the D1 databases that hold records. */
  readonly databases: readonly string[];
  /** The configurations of the Workers, in the order in which they are deployed. */
  readonly workers: readonly string[];
  /** Deploys; else the commands are printed. */
  readonly isDeploying: boolean;
  /** The migrations of this build. */
  readonly known: readonly string[];
}

/**
 * True where everything was done; false where a copy is not good, or not of this release or the one before, and then nothing
 * was changed.
 */
export async function upgradeRemote(
  { databases, isDeploying, known, workers }: UpgradeWish,
  means: UpgradeMeans,
): Promise<boolean> {
  for (const database of databases) {
    const copy = await copyOf(database, means);
    if (copy === undefined || !isWithinReach(database, copy, known, means)) return false;
  }
  for (const database of databases) {
    await means.wrangler('d1', 'migrations', 'apply', database, '--remote');
    means.say(`${database}: its schema is that of this build`);
  }
  for (const config of workers) {
    if (isDeploying) await means.wrangler('deploy', '--config', config);
    means.say(isDeploying ? `deployed: ${config}` : `now run: wrangler deploy --config ${config}`);
  }
  return true;
}

/** Whether the build that serves it now, of the release before at most, works with what this one makes of it. */
function isWithinReach(
  database: string,
  { migrations }: RecordCopy,
  known: readonly string[],
  { say }: UpgradeMeans,
): boolean {
  const [from, to] = [releaseOfSchema(migrations), releaseOfSchema(known)];
  if (from === to || from + 1 === to) return true;
  say(
    `${database}: its schema is of release ${from}, and this build's of ${to}: go release by release; nothing was changed`,
  );
  return false;
}

/** A copy in which every tenant's ledger is whole; undefined where it is not. */
async function copyOf(
  database: string,
  { pathOf, read, say, wrangler }: UpgradeMeans,
): Promise<RecordCopy | undefined> {
  const bookmark = (await wrangler('d1', 'time-travel', 'info', database)).trim();
  const path = pathOf(`${database}.sql`);
  await wrangler('d1', 'export', database, '--remote', '--skip-confirmation', '--output', path);
  const copy = readCopy(await read(path));
  const troubles = copy?.tenants.filter(({ trouble }) => trouble !== null) ?? [];
  for (const { tenant, trouble } of troubles) say(`${database}: ${tenant}: ${trouble}`);
  if (copy === undefined || troubles.length > 0) {
    say(`${database}: the copy ${path} is not good, so nothing was migrated and nothing deployed`);
    return undefined;
  }
  const entries = copy.tenants.reduce((sum, tenant) => sum + tenant.entries, 0);
  say(`${database}: ${copy.tenants.length} projects, ${entries} entries, all of them good: ${path}`);
  say(`${database}: a second way back is Time Travel:\n${bookmark}`);
  return copy;
}

/** Undefined where it is cut off, or is no copy of a record. */
function readCopy(sql: string): RecordCopy | undefined {
  try {
    return verifyRecordCopy(sql);
  } catch {
    return undefined;
  }
}
