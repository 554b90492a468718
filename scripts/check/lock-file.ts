// The lock file names packages and their hashes, never the server that they came from: it must install from
// whatever registry a developer, a build server or a customer uses.
import { readFileSync } from 'node:fs';
import * as z from 'zod';

const lockSchema = z.object({
  packages: z.record(z.string(), z.object({ resolved: z.string().optional(), link: z.boolean().optional() })),
});

const { packages } = lockSchema.parse(JSON.parse(readFileSync('package-lock.json', 'utf8')));
const hosted = Object.entries(packages).filter(([, entry]) => entry.resolved !== undefined && !entry.link);
if (hosted.length > 0) {
  console.error(
    'package-lock.json names where packages came from (.npmrc omits that on the next npm install):',
  );
  for (const [name, { resolved }] of hosted) console.error(`  ${name}: ${resolved}`);
  process.exitCode = 1;
} else {
  console.log(`${Object.keys(packages).length} packages, none tied to a registry`);
}
