// Builds each Worker as a deploy would, without account or network, and holds its compressed size under a ceiling.
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { extname, join } from 'node:path';
import { gzipSync } from 'node:zlib';

const KIB = 1024;
/** It neither reports usage, nor asks for a newer version of itself, nor keeps logs outside the repository. */
const ALONE = {
  WRANGLER_HIDE_BANNER: 'true',
  WRANGLER_SEND_METRICS: 'false',
  WRANGLER_WRITE_LOGS: 'false',
};

/** Most bytes that the modules of a Worker may have, compressed, by its configuration file. */
const CEILINGS: Readonly<Record<string, number>> = {
  // The platform allows far more. What counts is that every cold start parses all of it. With contracts, policies,
  // the engine of their conditions, external actions, runs and freezes it was about 350 KiB when this was set; the
  // ceiling leaves room for routes and rules, and none for a dependency that brings its own world.
  'wrangler.toml': 420 * KIB,
  'workers/provisioner/wrangler.toml': 200 * KIB,
};

for (const [config, ceiling] of Object.entries(CEILINGS)) checkBundle(config, ceiling);

function checkBundle(config: string, ceiling: number): void {
  const folder = mkdtempSync(join(tmpdir(), 'countersign-bundle-'));
  try {
    const deploy = spawnSync(
      'wrangler',
      ['deploy', '--dry-run', `--config=${config}`, `--outdir=${folder}`],
      {
        encoding: 'utf8',
        stdio: ['ignore', 'pipe', 'pipe'],
        env: { ...process.env, ...ALONE },
      },
    );
    if (deploy.status !== 0) {
      fail(
        `${config}: the dry run of the deploy failed\n${deploy.error?.message ?? deploy.stdout + deploy.stderr}`,
      );
      return;
    }
    const size = compressedSize(folder);
    const line = `${config}: ${inKib(size)} compressed, ceiling ${inKib(ceiling)}`;
    if (size > ceiling) fail(`${line}: too large`);
    else console.log(line);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** Of what would be uploaded: source maps and the note that wrangler leaves beside it are not. */
function compressedSize(folder: string): number {
  const files = readdirSync(folder, { recursive: true, withFileTypes: true }).filter((entry) =>
    entry.isFile(),
  );
  const modules = files.filter(({ name }) => !['.map', '.md'].includes(extname(name)));
  return modules.reduce((sum, at) => sum + gzipSync(readFileSync(join(at.parentPath, at.name))).length, 0);
}

function inKib(bytes: number): string {
  return `${(bytes / KIB).toFixed(1)} KiB`;
}

function fail(why: string): void {
  console.error(why);
  process.exitCode = 1;
}
