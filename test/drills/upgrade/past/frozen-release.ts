import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import * as z from 'zod';
import { machineNames } from '../../../support/tenant.ts';
import { archiveSchema, type FrozenFile, unpack } from './frozen-files.ts';

/** Where the previous release lies. What is in it is the past: it is replaced by a later release, and never mended. */
export const PREVIOUS: string = join(import.meta.dirname, '..', 'previous');
export const MANIFEST = 'manifest.json';

const tenantSchema = z.strictObject({
  project: z.string(),
  tokens: z.strictObject(
    Object.fromEntries(machineNames.map((name) => [name, z.string()])) as Record<
      (typeof machineNames)[number],
      z.ZodString
    >,
  ),
});

/** What is said of a release that is frozen. Its secrets were made for it, and open nothing else. */
export const manifestSchema = z.strictObject({
  /** Of the schema. */
  release: z.int().min(1),
  version: z.string(),
  frozen_at: z.iso.datetime(),
  /** What people's tokens say in `iss`. */
  issuers_at: z.url(),
  mac_key: z.string(),
  snapshot_keys: z.string(),
  /** Whose changes a runner is to write, of which some are approved already. */
  drilled: tenantSchema,
  /** Those of its changes that wait for a runner, by their rows. */
  queued: z.array(z.string()),
  /** With work of many kinds. */
  others: z.array(tenantSchema),
  build: archiveSchema,
  store: archiveSchema,
});
export type FrozenManifest = z.infer<typeof manifestSchema>;
export type FrozenTenant = z.infer<typeof tenantSchema>;

export async function readManifest(): Promise<FrozenManifest> {
  return manifestSchema.parse(JSON.parse(await readFile(join(PREVIOUS, MANIFEST), 'utf8')));
}

/** The files of one of its archives. Throws where they are not as they were frozen. */
export async function frozenFiles(
  manifest: FrozenManifest,
  name: 'build' | 'store',
): Promise<readonly FrozenFile[]> {
  const archive = manifest[name];
  return unpack(archive, await readFile(join(PREVIOUS, archive.file)));
}
