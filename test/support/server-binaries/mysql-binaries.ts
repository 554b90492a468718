import { existsSync } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { delimiter, dirname, join } from 'node:path';
import { type AptPackage, unpackApt } from './apt-packages.ts';
import { fetched } from './cache.ts';
import { runProgram } from './run-program.ts';

/** A server of MySQL's family, ready to run. */
export interface MysqlBinaries {
  readonly product: 'MySQL' | 'MariaDB';
  /** Three numbers: `10.11.18`. */
  readonly version: string;
  /** The program, behind the dynamic loader it was unpacked with where it has one. */
  readonly command: readonly string[];
  /** Where the messages lie, and MariaDB's SQL for a new data folder. */
  readonly share: string;
  readonly plugins: string;
}

/** Which server is wanted, and where it can be had. */
export interface MysqlRelease {
  readonly product: MysqlBinaries['product'];
  /** Versions begin with it: `9`, `10.11`. */
  readonly series: string;
  /** An environment variable that names a folder with `usr/sbin/mysqld` or `bin/mysqld` in it; any version will do. */
  readonly variable: string;
  readonly package: AptPackage;
}

/**
 * Finds a server: in the folder that the environment names, on the machine, in the cache, or else at the distribution
 * that has it, from where it goes into the cache. Throws with the reason where it cannot be had.
 */
export async function findMysql(release: MysqlRelease): Promise<MysqlBinaries> {
  const named = process.env[release.variable];
  if (named !== undefined && named !== '') return atRoot(named, release.product);
  const installed = await findInstalled(release);
  if (installed !== undefined) return installed;
  const name = `${release.product}-${release.series}`.toLowerCase();
  const root = await fetched(name, async (folder) => {
    await unpackApt(release.package, folder);
    await atRoot(folder, release.product);
  });
  return atRoot(root, release.product);
}

async function findInstalled({ product, series }: MysqlRelease): Promise<MysqlBinaries | undefined> {
  const folders = [...(process.env.PATH ?? '').split(delimiter), '/usr/sbin', '/usr/local/mysql/bin'];
  for (const folder of new Set(folders.filter((path) => path !== ''))) {
    const program = programIn(folder, product);
    if (program === undefined) continue;
    const found = await describe(dirname(folder), [program], product).catch(() => undefined);
    if (found?.version.startsWith(`${series}.`)) return found;
  }
  return undefined;
}

/** What stands in a root folder of its own, or in the root or prefix of a system. */
async function atRoot(root: string, product: MysqlBinaries['product']): Promise<MysqlBinaries> {
  for (const prefix of [join(root, 'usr'), root]) {
    for (const folder of ['sbin', 'bin', 'libexec']) {
      const program = programIn(join(prefix, folder), product);
      if (program !== undefined) return describe(prefix, [...(await loader(root)), program], product);
    }
  }
  throw new Error(`${root} holds no ${product} server`);
}

function programIn(folder: string, product: MysqlBinaries['product']): string | undefined {
  const names = product === 'MariaDB' ? ['mariadbd', 'mysqld'] : ['mysqld'];
  return names.map((name) => join(folder, name)).find((path) => existsSync(path));
}

/** A server that brought its own C library can be run by that library's loader only, with the libraries beside it. */
async function loader(root: string): Promise<readonly string[]> {
  const libraries: string[] = [];
  let found: string | undefined;
  for (const folder of [join(root, 'lib'), join(root, 'usr', 'lib')].filter((path) => existsSync(path))) {
    for (const triplet of (await readdir(folder)).filter((name) => name.endsWith('-linux-gnu'))) {
      libraries.push(join(folder, triplet));
      const name = (await readdir(join(folder, triplet))).find((file) => /^ld-linux.*\.so\.\d+$/.test(file));
      if (name !== undefined) found ??= join(folder, triplet, name);
    }
  }
  return found === undefined ? [] : [found, '--library-path', libraries.join(':')];
}

async function describe(
  prefix: string,
  command: readonly string[],
  product: MysqlBinaries['product'],
): Promise<MysqlBinaries> {
  const said = await runProgram([...command, '--no-defaults', '--version']);
  const version = /Ver (\d+\.\d+\.\d+)/.exec(said)?.[1];
  if (version === undefined || /MariaDB/.test(said) !== (product === 'MariaDB'))
    throw new Error(`${command.at(-1)} is not a ${product} server`);
  const share = [
    join(prefix, 'share', 'mariadb'),
    join(prefix, 'share', 'mysql'),
    join(prefix, 'share'),
  ].find((folder) => existsSync(join(folder, 'english', 'errmsg.sys')));
  const plugins = [join(prefix, 'lib', 'mysql', 'plugin'), join(prefix, 'lib', 'plugin')];
  return {
    product,
    version,
    command,
    share: share ?? join(prefix, 'share', 'mysql'),
    plugins: plugins.find((folder) => existsSync(folder)) ?? join(prefix, 'lib', 'mysql', 'plugin'),
  };
}
