import '../require-node-24.mjs';
import { execFile } from 'node:child_process';
import { mkdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parseArgs, promisify } from 'node:util';
import { knownMigrations } from '@countersign/protocol/known-migrations';
import { upgradeRemote } from './upgrade/upgrade-remote.ts';

const USAGE = `Upgrades an installation on Cloudflare to this clone's build, with wrangler's login: copies every database of
records, follows the ledger of each project in the copy, applies the migrations, and deploys. It stops at the first copy
that is not good, before anything was changed.

  npm run upgrade -- --copies FOLDER [--database NAME]... [--worker FILE]... [--deploy]

  --copies FOLDER     where the copies go: outside of this clone, and backed up
  --database NAME     a D1 database that holds records; usual: countersign
  --worker FILE       the configuration of a Worker to deploy; usual: wrangler.toml, the gateway's
  --deploy            deploys them; else the commands are printed
`;

const CLONE = join(import.meta.dirname, '../..');
/** wrangler tells of each migration, and of each file that it deploys. */
const MOST_OUTPUT = 64_000_000;

function readOptions() {
  try {
    const { values } = parseArgs({
      options: {
        copies: { type: 'string' },
        database: { type: 'string', multiple: true, default: ['countersign'] },
        worker: { type: 'string', multiple: true, default: ['wrangler.toml'] },
        deploy: { type: 'boolean', default: false },
      },
    });
    return values.copies ? { ...values, copies: values.copies } : undefined;
  } catch {
    return undefined;
  }
}

async function main(): Promise<void> {
  const options = readOptions();
  if (options === undefined) {
    process.stdout.write(USAGE);
    process.exitCode = 2;
    return;
  }
  const folder = join(options.copies, new Date().toISOString().replaceAll(/[:.]/g, '-'));
  await mkdir(folder, { recursive: true, mode: 0o700 });
  const wish = {
    databases: options.database,
    workers: options.worker,
    isDeploying: options.deploy,
    known: knownMigrations,
  };
  const isDone = await upgradeRemote(wish, {
    wrangler: async (...args) =>
      (await promisify(execFile)('wrangler', args, { cwd: CLONE, maxBuffer: MOST_OUTPUT })).stdout,
    pathOf: (name) => join(folder, name),
    read: (path) => readFile(path, 'utf8'),
    say: (line) => process.stdout.write(`${line}\n`),
  });
  process.exitCode = isDone ? 0 : 1;
}

if (import.meta.main) await main();
