import { closeSync, fdatasyncSync, openSync, readFileSync, writeSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { cpus, tmpdir, totalmem } from 'node:os';
import { join } from 'node:path';
import { median, rounded } from './statistics.ts';

const SYNCS = 200;
const PAGE = Buffer.alloc(8_192, 1);
const require = createRequire(import.meta.url);

/** What the figures were taken on: without it they mean little. */
export async function machine() {
  return {
    platform: `${process.platform}-${process.arch}`,
    processors: cpus().length,
    processor: cpus()[0]?.model ?? 'unknown',
    memory_gb: rounded(totalmem() / 1024 ** 3),
    fdatasync_us: await fdatasyncMicroseconds(),
    versions: {
      node: process.versions.node,
      workerd: versionOf('workerd'),
      miniflare: versionOf('miniflare'),
      pg: versionOf('pg'),
    },
  };
}

/** The median of writing a page and waiting for the disk, in the folder where the databases will be. */
async function fdatasyncMicroseconds(): Promise<number> {
  const folder = await mkdtemp(join(tmpdir(), 'countersign-bench-disk-'));
  const file = openSync(join(folder, 'page'), 'w');
  try {
    const times = Array.from({ length: SYNCS }, () => {
      writeSync(file, PAGE, 0, PAGE.length, 0);
      const startedAt = performance.now();
      fdatasyncSync(file);
      return (performance.now() - startedAt) * 1_000;
    });
    return rounded(median(times));
  } finally {
    closeSync(file);
    await rm(folder, { recursive: true });
  }
}

function versionOf(name: string): string {
  const { version }: { version?: string } = JSON.parse(
    readFileSync(require.resolve(`${name}/package.json`), 'utf8'),
  );
  return version ?? 'unknown';
}
