import { randomBytes } from 'node:crypto';
import { cp, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  GuardedProcess,
  HOST,
  markFinished,
  onFreePort,
} from '../../test/support/server-binaries/guarded-process.ts';
import {
  findMysql,
  type MysqlBinaries,
  type MysqlRelease,
} from '../../test/support/server-binaries/mysql-binaries.ts';
import { initialData, programSettings } from '../../test/support/server-binaries/mysql-data.ts';
import { NotMeasurable } from './bench.ts';

const USER = 'root';
const DATABASE = 'bench';

/** A server of MySQL's family whose commits reach the disk. */
export interface DurableMysql {
  /** The product and its version. */
  readonly name: string;
  readonly database: string;
  readonly url: string;
  stop(): Promise<void>;
}

/** Starts a server on a free port, with its files in a temporary folder. Throws `NotMeasurable` where there is none. */
export async function startDurableMysql(release: MysqlRelease): Promise<DurableMysql> {
  const binaries = await findMysql(release).catch((cause: unknown) => {
    const why = cause instanceof Error ? cause.message : String(cause);
    throw new NotMeasurable(`there is no ${release.product} ${release.series}: ${why}`, { cause });
  });
  const initial = await initialData(binaries);
  const folder = await mkdtemp(join(tmpdir(), 'countersign-bench-mysql-'));
  const password = randomBytes(12).toString('hex');
  await cp(initial, join(folder, 'data'), { recursive: true });
  await writeFile(join(folder, 'accounts.sql'), accountsSql(password), { mode: 0o600 });
  let server: GuardedProcess | undefined;
  let url = '';
  const launch = async (port: number) => {
    const command = commandOf(binaries, folder, port);
    server = await GuardedProcess.start({ folder, command, ready: READY, signal: 'KILL', account: {} });
    url = `mysql://${USER}:${password}@${HOST}:${port}/${DATABASE}`;
  };
  try {
    await onFreePort(launch);
  } catch (fault) {
    await rm(folder, { recursive: true, force: true });
    throw fault;
  }
  return {
    name: `${binaries.product} ${binaries.version}`,
    database: DATABASE,
    url,
    stop: async () => {
      await markFinished(folder);
      await server?.end('SIGKILL');
      await rm(folder, { recursive: true, force: true });
    },
  };
}

const READY = 'ready for connections';

function commandOf(binaries: MysqlBinaries, folder: string, port: number): readonly string[] {
  const isMysql = binaries.product === 'MySQL';
  return [
    ...binaries.command,
    ...programSettings(binaries),
    ...SERVER_SETTINGS,
    ...(isMysql
      ? ['--innodb-redo-log-capacity=1G', '--mysqlx=OFF', '--secure-file-priv=NULL']
      : ['--innodb-log-file-size=1G']),
    `--datadir=${join(folder, 'data')}`,
    `--tmpdir=${folder}`,
    `--socket=${join(folder, 'socket')}`,
    `--pid-file=${join(folder, 'pid')}`,
    `--init-file=${join(folder, 'accounts.sql')}`,
    `--port=${port}`,
  ];
}

/** What a server of this size would be given; every commit is synced, as the products ship it. */
const SERVER_SETTINGS = [
  `--bind-address=${HOST}`,
  '--skip-name-resolve',
  '--skip-log-bin',
  '--innodb-flush-log-at-trx-commit=1',
  '--innodb-buffer-pool-size=512M',
  '--performance-schema=OFF',
];

function accountsSql(password: string): string {
  return [
    `CREATE DATABASE IF NOT EXISTS ${DATABASE};`,
    `CREATE USER IF NOT EXISTS ${USER}@'%' IDENTIFIED BY '${password}';`,
    `GRANT ALL PRIVILEGES ON *.* TO ${USER}@'%' WITH GRANT OPTION;`,
    `ALTER USER ${USER}@localhost IDENTIFIED BY '${password}';`,
    '',
  ].join('\n');
}
