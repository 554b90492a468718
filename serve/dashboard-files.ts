import { execFile } from 'node:child_process';
import { readFile, stat } from 'node:fs/promises';
import { extname, join, relative, resolve } from 'node:path';
import { promisify } from 'node:util';
import { DASHBOARD } from './plane-files.ts';
import { isStale } from './worker-code.ts';

const CLONE = join(import.meta.dirname, '..');

/** The folder of the dashboard as it was built. In a clone it is built where it is missing or older than its sources. */
export async function dashboardFolder(): Promise<string> {
  if (globalThis.COUNTERSIGN_BUILT !== true && isDashboardStale())
    await promisify(execFile)(process.execPath, [join(CLONE, 'scripts/dashboard.ts')], { cwd: CLONE });
  return DASHBOARD;
}

/** Of a clone: whether it was not built, or its sources are newer. */
export function isDashboardStale(): boolean {
  return isStale(DASHBOARD, ['dashboard', 'client', 'protocol', 'package-lock.json']);
}

const types: Readonly<Record<string, string>> = {
  '.css': 'text/css; charset=utf-8',
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.woff2': 'font/woff2',
};
/** Their names change with what they hold. */
const UNCHANGING = '/assets/';

/** Answers for the files of a folder, as the platform does for those that are deployed with a Worker. */
export function filesOf(folder: string): (request: Request) => Promise<Response> {
  return async (request) => {
    const pathname = new URL(request.url).pathname;
    const path = resolve(folder, `.${decodeURIComponent(pathname === '/' ? '/index.html' : pathname)}`);
    const type = types[extname(path)];
    const isWithin = !relative(folder, path).startsWith('..');
    if (!isWithin || type === undefined || !(await isFile(path))) return new Response(null, { status: 404 });
    const headers = {
      'content-type': type,
      'x-content-type-options': 'nosniff',
      'cross-origin-resource-policy': 'same-origin',
      'cache-control': pathname.startsWith(UNCHANGING) ? 'public, max-age=31536000, immutable' : 'no-cache',
    };
    return new Response(request.method === 'HEAD' ? null : await readFile(path), { headers });
  };
}

async function isFile(path: string): Promise<boolean> {
  const found = await stat(path).catch(() => undefined);
  return found?.isFile() === true;
}
