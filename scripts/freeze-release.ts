import { mkdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { knownMigrations } from '@countersign/protocol/known-migrations';
import { releaseOfSchema } from '@countersign/protocol/schema-release';
import { freezeRelease } from '../test/drills/upgrade/past/freeze-release.ts';
import { MANIFEST, PREVIOUS, readManifest } from '../test/drills/upgrade/past/frozen-release.ts';
import { pinsText, RELEASED } from './check/released-migrations.ts';

const USAGE = `After a release of the schema, keeps its build, and a store in which that build has done work of many kinds, for the
drill of an upgrade; and pins its migrations. What was frozen before goes. What is frozen is the past, and is not made again.

  npm run freeze-release -- --release N

  --release N   the release that this tree is, so that none is frozen that is not released yet
`;

const release = releaseOfSchema(knownMigrations);
const refusal = await refusalOf(readRelease());
if (refusal !== undefined) {
  process.stderr.write(refusal);
  process.exit(2);
}
const { files, manifest } = await freezeRelease(release);
await rm(PREVIOUS, { recursive: true, force: true });
await mkdir(PREVIOUS, { recursive: true });
for (const { bytes, path } of files) await writeFile(join(PREVIOUS, path), bytes);
await writeFile(join(PREVIOUS, MANIFEST), `${JSON.stringify(manifest, undefined, 2)}\n`);
await writeFile(RELEASED, pinsText(knownMigrations));
process.stdout.write(`release ${release} of the schema (${manifest.version}) is frozen in ${PREVIOUS}\n`);
// Connections that clients keep open would hold this process.
process.exit(0);

/** Undefined where none was named, or more than one. */
function readRelease(): number | undefined {
  try {
    const { values } = parseArgs({ options: { release: { type: 'string' } } });
    return values.release === undefined ? undefined : Number(values.release);
  } catch {
    return undefined;
  }
}

async function refusalOf(named: number | undefined): Promise<string | undefined> {
  if (named === undefined) return USAGE;
  if (named !== release) return `this tree is of release ${release} of the schema, and not of ${named}\n`;
  const frozen = await readManifest();
  return frozen.release < release
    ? undefined
    : `release ${frozen.release} of the schema is frozen already: it is the past, and is not made again\n`;
}
