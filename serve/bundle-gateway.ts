import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';

const ROOT = join(import.meta.dirname, '..');

/** Keeps wrangler from asking the network anything, and from asking a terminal anything. */
export const quietWrangler = { WRANGLER_SEND_METRICS: 'false', CI: '1', NO_COLOR: '1' };

/**
 * The gateway as wrangler would deploy it: what runs here is what runs there. Takes a second or two; throws with
 * wrangler's own words when the code does not bundle.
 */
export function bundleGateway(entry?: string): Promise<string> {
  return bundleWorker(entry === undefined ? [] : [entry], bundleName(entry));
}

/** The provisioner, the same way. */
export function bundleProvisioner(): Promise<string> {
  return bundleWorker(['--config', 'workers/provisioner/wrangler.toml'], 'worker');
}

async function bundleWorker(what: readonly string[], name: string): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'countersign-gateway-'));
  try {
    const wrangler = join(ROOT, 'node_modules/wrangler/bin/wrangler.js');
    const args = [wrangler, 'deploy', ...what, '--dry-run', '--outdir', folder];
    await promisify(execFile)(process.execPath, args, {
      cwd: ROOT,
      env: { ...process.env, ...quietWrangler },
    });
    return await readFile(join(folder, `${name}.js`), 'utf8');
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

function bundleName(entry = 'worker.ts'): string {
  return entry.replace(/^.*\//, '').replace(/\.ts$/, '');
}
