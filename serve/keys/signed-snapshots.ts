import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { MANIFEST_FILE, signedManifestSchema } from '@countersign/protocol/backup/snapshot-manifest';

/** How many snapshots of a folder each key has signed, by its kid. What is no manifest counts for none. */
export function countSigned(backups: string): ReadonlyMap<string, number> {
  const counts = new Map<string, number>();
  for (const file of globSync(join(backups, '*', '*', MANIFEST_FILE))) {
    const kid = keyOf(file);
    if (kid !== undefined) counts.set(kid, (counts.get(kid) ?? 0) + 1);
  }
  return counts;
}

function keyOf(file: string): string | undefined {
  try {
    return signedManifestSchema.parse(JSON.parse(readFileSync(file, 'utf8'))).manifest.key_id;
  } catch {
    return undefined;
  }
}
