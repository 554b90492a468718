import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { linesOf } from '@countersign/cli/output/lines-of';
import { verifyExport } from '@countersign/protocol/verify-export';
import type { Reading } from './export-reader.ts';

/*
 * Reads an export once, in a process that does nothing else, so that its memory is what that takes: verifies it as
 * `countersign verify` does, or only hashes its bytes. Says on stdout how it went.
 */

const [, , what, path = ''] = process.argv;
/** As the command reads it. */
const stream = createReadStream(path, { highWaterMark: 1 << 20 });
const begunAt = performance.now();
if (what === 'verify') await verify();
else await hash();
const reading: Reading = {
  ms: performance.now() - begunAt,
  peakMb: process.resourceUsage().maxRSS / 1_024,
};
process.stdout.write(JSON.stringify(reading));

async function verify(): Promise<void> {
  const verdict = await verifyExport(linesOf(stream));
  if (!verdict.ok) throw new Error(`the export does not hold: ${verdict.fault.message}`);
}

async function hash(): Promise<void> {
  const digest = createHash('sha256');
  for await (const piece of stream) digest.update(piece);
  digest.digest();
}
