// Holds what a browser must have before the inbox can be used under a ceiling, compressed.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { DASHBOARD } from '@countersign/serve/plane-files';
import * as z from 'zod';

const KIB = 1024;
const CEILING = 195 * KIB;
/** The first page that people see, which is loaded apart from what all pages need. */
const FIRST_PAGE = 'inbox/inbox-route.tsx';

const manifestSchema = z.record(
  z.string(),
  z.looseObject({
    file: z.string(),
    isEntry: z.boolean().default(false),
    imports: z.array(z.string()).default([]),
  }),
);

const manifest = manifestSchema.parse(
  JSON.parse(readFileSync(join(DASHBOARD, '.vite/manifest.json'), 'utf8')),
);
const needed = new Set<string>();
for (const [name, { isEntry }] of Object.entries(manifest)) if (isEntry || name === FIRST_PAGE) need(name);
const files = [...needed].map((name) => manifest[name]?.file ?? '');
const size = files.reduce((sum, file) => sum + gzipSync(readFileSync(join(DASHBOARD, file))).length, 0);
const line = `the dashboard: ${(size / KIB).toFixed(1)} KiB of script before the inbox, ceiling ${CEILING / KIB} KiB`;
if (!needed.has(FIRST_PAGE)) fail(`${FIRST_PAGE} is not in what was built`);
else if (size > CEILING) fail(`${line}: too large`);
else console.log(line);

function need(name: string): void {
  if (needed.has(name)) return;
  needed.add(name);
  for (const other of manifest[name]?.imports ?? []) need(other);
}

function fail(why: string): void {
  console.error(why);
  process.exitCode = 1;
}
