import { mkdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { knownMigrations } from '@countersign/protocol/known-migrations';
import { releaseOfSchema } from '@countersign/protocol/schema-release';
import { freezeRelease } from '../test/drills/upgrade/past/freeze-release.ts';
import { MANIFEST, PREVIOUS, readManifest } from '../test/drills/upgrade/past/frozen-release.ts';
import { pinsText, RELEASED } from './check/released-migrations.ts';
import { errorCode } from './local/error-code.ts';

/*
 * After a release:
 *
 *   npm run freeze-release
 *
 * keeps its build, and a store in which that build has done work of many kinds, for the drill of an upgrade; and pins its
 * migrations. What was frozen before goes. What is frozen is the past, and is not made again.
 */

const release = releaseOfSchema(knownMigrations);
const before = await readManifest().catch((fault: unknown) => {
  if (errorCode(fault) === 'ENOENT') return undefined;
  throw fault;
});
if (before !== undefined && before.release >= release) {
  console.error(
    `release ${before.release} of the schema is frozen already: it is the past, and is not made again`,
  );
  process.exit(2);
}
const { files, manifest } = await freezeRelease(release);
await rm(PREVIOUS, { recursive: true, force: true });
await mkdir(PREVIOUS, { recursive: true });
for (const { bytes, path } of files) await writeFile(join(PREVIOUS, path), bytes);
await writeFile(join(PREVIOUS, MANIFEST), `${JSON.stringify(manifest, undefined, 2)}\n`);
await writeFile(RELEASED, pinsText(knownMigrations));
console.log(`release ${release} of the schema (${manifest.version}) is frozen in ${PREVIOUS}`);
// Connections that clients keep open would hold this process.
process.exit(0);
