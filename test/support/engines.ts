import type { TestAPI } from 'vitest';
import type { DatabaseServer, Engine } from './database-server.ts';
import { MysqlServer } from './mysql-server.ts';
import { PostgresServer } from './postgres-server.ts';
import { forgetFailures, oneLine } from './server-binaries/cache.ts';
import { findMysql, type MysqlRelease } from './server-binaries/mysql-binaries.ts';
import { initialData } from './server-binaries/mysql-data.ts';
import { findPostgres, type PostgresVersion } from './server-binaries/postgres-binaries.ts';

/** A kind of server that tests run on. */
export interface TestEngine {
  /** The product and its series: `PostgreSQL 18`, `MariaDB 10.11`. */
  readonly name: string;
  readonly engine: Engine;
  start(): Promise<DatabaseServer>;
}

/** A kind of server that this machine has not, nor can get. */
export interface MissingEngine {
  readonly name: string;
  readonly reason: string;
}

type Search = () => Promise<TestEngine | MissingEngine>;

/** `findMysql` says in which order it looks: the variable's folder, the machine, what was fetched, the package. */
const mysqls = {
  mysql9: {
    product: 'MySQL',
    series: '9',
    variable: 'COUNTERSIGN_MYSQL_ROOT',
    package: { distribution: 'debian', suite: 'sid', name: 'mysql-server-core' },
  },
  mysql84: {
    product: 'MySQL',
    series: '8.4',
    variable: 'COUNTERSIGN_MYSQL_8_4_ROOT',
    package: { distribution: 'ubuntu', suite: 'resolute', name: 'mysql-server-core' },
  },
  mysql80: {
    product: 'MySQL',
    series: '8.0',
    variable: 'COUNTERSIGN_MYSQL_8_0_ROOT',
    package: { distribution: 'ubuntu', suite: 'noble', name: 'mysql-server-core-8.0' },
  },
  mariadb11: {
    product: 'MariaDB',
    series: '11.8',
    variable: 'COUNTERSIGN_MARIADB_11_ROOT',
    package: { distribution: 'debian', suite: 'trixie', name: 'mariadb-server-core' },
  },
  mariadb10: {
    product: 'MariaDB',
    series: '10.11',
    variable: 'COUNTERSIGN_MARIADB_ROOT',
    package: { distribution: 'debian', suite: 'bookworm', name: 'mariadb-server-core' },
  },
} as const;

/** What every change is tested on. */
const usual: readonly Search[] = [
  () => postgres(18),
  () => mysql(mysqls.mysql9),
  () => mysql(mysqls.mariadb10),
];

/** The other releases that are supported. */
const others: readonly Search[] = [
  () => postgres(17),
  () => postgres(16),
  () => postgres(15),
  () => postgres(14),
  () => postgres(13),
  () => mysql(mysqls.mysql84),
  () => mysql(mysqls.mysql80),
  () => mysql(mysqls.mariadb11),
];

type Found = readonly (TestEngine | MissingEngine)[];
const findings = new Map<readonly Search[], Promise<Found>>();

/** What every change is tested on, as far as it can be had: for `describe.each`. Says what is missing. */
export async function testEngines(): Promise<readonly TestEngine[]> {
  return (await find(usual)).filter(isHere);
}

/** The other supported releases, as far as they can be had. */
export async function releaseMatrix(): Promise<readonly TestEngine[]> {
  return (await find(others)).filter(isHere);
}

/** What of `testEngines()`, or of the matrix too, could not be had, and why. */
export async function missingEngines({ matrix = false } = {}): Promise<readonly MissingEngine[]> {
  const found = [...(await find(usual)), ...(matrix ? await find(others) : [])];
  return found.filter((one) => 'reason' in one);
}

/** Makes what is missing a skipped test of the file, which a report shows. */
export function declareMissing(test: TestAPI, missing: readonly MissingEngine[]): void {
  for (const { name, reason } of missing) {
    test(`NOT TESTED: ${name}`, ({ skip }) => skip(reason));
  }
}

/** Fetches what is not here yet, so that no test has to wait for it; also what could not be fetched a moment ago. */
export async function prepareEngines({ matrix = false } = {}): Promise<void> {
  await forgetFailures();
  await testEngines();
  if (matrix) await releaseMatrix();
}

function find(searches: readonly Search[]): Promise<Found> {
  const known = findings.get(searches);
  if (known !== undefined) return known;
  const found = findAll(searches);
  findings.set(searches, found);
  return found;
}

/** One after the other: two cores unpack no faster at once. */
async function findAll(searches: readonly Search[]): Promise<Found> {
  const found: (TestEngine | MissingEngine)[] = [];
  for (const search of searches) found.push(await search());
  for (const one of found) {
    if (!isHere(one)) process.stderr.write(`NOT TESTED: ${one.name}: ${one.reason}\n`);
  }
  return found;
}

function isHere(found: TestEngine | MissingEngine): found is TestEngine {
  return 'start' in found;
}

async function postgres(version: PostgresVersion): Promise<TestEngine | MissingEngine> {
  const name = `PostgreSQL ${version}`;
  try {
    await findPostgres(version);
    return { name, engine: 'postgres', start: () => PostgresServer.start({ version }) };
  } catch (error) {
    return { name, reason: oneLine(error) };
  }
}

async function mysql(release: MysqlRelease): Promise<TestEngine | MissingEngine> {
  try {
    const binaries = await findMysql(release);
    // Its first data folder takes seconds, and shows that the server runs here at all.
    await initialData(binaries);
    return {
      name: `${binaries.product} ${seriesOf(binaries.version)}`,
      engine: 'mysql',
      start: () => MysqlServer.start(binaries),
    };
  } catch (error) {
    return { name: `${release.product} ${release.series}`, reason: oneLine(error) };
  }
}

/** MySQL counts its releases by the first number since 9. */
function seriesOf(version: string): string {
  const [major = '', minor = ''] = version.split('.');
  return major === '9' ? major : `${major}.${minor}`;
}
