import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { cached } from './cache.ts';
import { isRoot } from './guarded-process.ts';
import type { MysqlBinaries } from './mysql-binaries.ts';
import { runProgram } from './run-program.ts';

/** What `mariadb-install-db` runs, apart from the texts of HELP; MariaDB 11 names the files after itself. */
const MARIADB_SQL = [
  'system_tables.sql',
  'performance_tables.sql',
  'system_tables_data.sql',
  'maria_add_gis_sp_bootstrap.sql',
  'sys_schema.sql',
];

/** Accounts that a new MariaDB has without a password, for other names of this machine and for anybody. */
const NO_OPEN_ACCOUNTS = "DELETE FROM global_priv WHERE Host <> 'localhost' OR User = '';";

/** A data folder as a new installation has it, with a superuser without a password; servers get copies of it. */
export async function initialData(binaries: MysqlBinaries): Promise<string> {
  const settings = [...programSettings(binaries), ...sizeSettings(binaries)];
  const sql = binaries.product === 'MariaDB' ? await mariadbSql(binaries.share) : undefined;
  const recipe = createHash('sha256')
    .update(JSON.stringify([settings, sql]))
    .digest('hex')
    .slice(0, 8);
  const name = `data-${binaries.product}-${binaries.version}-${recipe}`.toLowerCase();
  return cached(name, async (folder) => {
    const command = [...binaries.command, ...settings, `--datadir=${folder}`];
    if (sql === undefined) {
      await runProgram([...command, '--initialize-insecure']);
    } else {
      await mkdir(join(folder, 'mysql'));
      await runProgram([...command, '--bootstrap'], { input: sql });
    }
  });
}

async function mariadbSql(share: string): Promise<string> {
  const texts = await Promise.all(
    MARIADB_SQL.map((name) => {
      const names = [`mariadb_${name}`, `mysql_${name}`].map((file) => join(share, file));
      return readFile(names.find((path) => existsSync(path)) ?? join(share, name), 'utf8');
    }),
  );
  return ['USE mysql;', 'SET @auth_root_socket = NULL;', ...texts, 'USE mysql;', NO_OPEN_ACCOUNTS, ''].join(
    '\n',
  );
}

/** No settings of the machine's, and what a server needs to know to run from a folder that it was not built for. */
export function programSettings({ share, plugins }: MysqlBinaries): string[] {
  const account = isRoot() ? ['--user=root'] : [];
  return ['--no-defaults', ...account, `--lc-messages-dir=${share}`, `--plugin-dir=${plugins}`];
}

/** Sizes for a few rows. How a commit becomes durable stays as the products ship it. Old releases of 8.0 lack one. */
export function sizeSettings({ product }: MysqlBinaries): string[] {
  const log = product === 'MySQL' ? '--loose-innodb-redo-log-capacity=32M' : '--innodb-log-file-size=32M';
  return [log, '--innodb-buffer-pool-size=64M', '--performance-schema=OFF', '--innodb-use-native-aio=OFF'];
}
