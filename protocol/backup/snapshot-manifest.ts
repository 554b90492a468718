import * as z from 'zod';
import { digestSchema, timestampSchema } from '../values.ts';

/*
 * A snapshot is a copy of one tenant's record: files of NDJSON, each compressed with gzip, and a manifest that was
 * signed. The ledger's files together hold every entry from the first one on, each line the canonical JSON of one, as
 * in an export. The files of rows hold what stands in no entry, one `{"row":{...}}` a line.
 */

export const SNAPSHOT_FORMAT = 'countersign.snapshot.v1';
export const MANIFEST_FILE = 'manifest.json';

export const snapshotReasons = ['schedule', 'demand', 'archive', 'before_restore', 'import'] as const;
export type SnapshotReason = (typeof snapshotReasons)[number];

export const snapshotIdSchema = z.string().regex(/^snp_[0-9A-HJKMNP-TV-Z]{26}$/, 'is no id of a snapshot');
export const snapshotFileSchema = z
  .string()
  .regex(/^(ledger|rows)-[0-9]{6}-[0-9a-f]{8}\.ndjson\.gz$/, 'is no file of a snapshot');

const fileSchema = z.strictObject({
  name: snapshotFileSchema,
  kind: z.enum(['ledger', 'rows']),
  lines: z.int().min(1),
  /** As it is stored. */
  bytes: z.int().min(1),
  /** Of its bytes as they are stored. */
  digest: digestSchema,
  /** Of the ledger: the first and the last entry in it. */
  from_seq: z.int().min(1).optional(),
  to_seq: z.int().min(1).optional(),
});
export type SnapshotFile = z.infer<typeof fileSchema>;

const manifestSchema = z.strictObject({
  format: z.literal(SNAPSHOT_FORMAT),
  snapshot_id: snapshotIdSchema,
  project_id: z.string().min(1),
  label: z.string().min(1),
  region: z.string(),
  reason: z.enum(snapshotReasons),
  taken_at: timestampSchema,
  /** The newest migration that this release knows. */
  schema: z.string().min(1),
  /** Where the record ended. `turn`: of its head, so that whoever puts it back begins above it. */
  head: z.strictObject({ seq: z.int().min(0), hash: digestSchema, turn: z.int().min(0) }),
  entries: z.int().min(0),
  rows: z.int().min(0),
  files: z.array(fileSchema).max(100_000),
  key_id: z.string().min(1).max(100),
});
export type SnapshotManifest = z.infer<typeof manifestSchema>;

export const signedManifestSchema = z.strictObject({
  manifest: manifestSchema,
  /** Ed25519 over the canonical JSON of the manifest, behind its format and a line feed; base64. */
  signature: z.string().regex(/^[A-Za-z0-9+/]{86}==$/),
});
export type SignedManifest = z.infer<typeof signedManifestSchema>;
