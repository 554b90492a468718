import { createHash, type Hash } from 'node:crypto';
import * as z from 'zod';
import { canonicalJson, digest } from './canonical-json.ts';
import type { LedgerEntry } from './ledger.ts';
import { digestSchema, timestampSchema } from './values.ts';

/*
 * The export of a ledger: NDJSON. Each line is the canonical JSON of one entry, in order; the last line is the
 * manifest, `{"manifest":{...}}`. A whole export holds a tenant's entries from the first one on; one of a proposal
 * holds the entries of which it is the subject.
 */

export const EXPORT_FORMAT = 'countersign.ledger-export.v1';
/** How the manifest's line begins, and no entry's does. */
export const MANIFEST_START = '{"manifest":';

const sealedFields = {
  format: z.literal(EXPORT_FORMAT),
  project_id: z.string().min(1),
  scope: z.enum(['whole', 'proposal']),
  /** The proposal, where the scope is one. */
  subject: z.string().min(1).optional(),
  /** Null where there is no entry. */
  from_seq: z.int().min(1).nullable(),
  to_seq: z.int().min(1).nullable(),
  entries: z.int().min(0),
  /** The hash of the last entry. */
  head_hash: digestSchema.nullable(),
  /** SHA-256 over the lines of all entries, each with its line feed. */
  entries_digest: digestSchema,
  exported_at: timestampSchema,
};

export const exportManifestSchema = z.strictObject({
  ...sealedFields,
  /** Of the canonical JSON of everything else in the manifest. */
  digest: digestSchema,
});
export type ExportManifest = z.infer<typeof exportManifestSchema>;

export const manifestLineSchema = z.strictObject({ manifest: exportManifestSchema });

/** What the manifest's own digest has to be. */
export function manifestDigest({ digest: _, ...sealed }: ExportManifest): string {
  return digest(sealed);
}

/** What an export is of. */
export type ExportScope =
  | { readonly project_id: string; readonly scope: 'whole' }
  | { readonly project_id: string; readonly scope: 'proposal'; readonly subject: string };

/** Makes the lines of one export, each with its line feed; holds no entry. */
export class ExportWriter {
  readonly #scope: ExportScope;
  readonly #hash: Hash = createHash('sha256');
  #first: number | null = null;
  #last: LedgerEntry | undefined;
  #entries = 0;

  constructor(scope: ExportScope) {
    this.#scope = scope;
  }

  /** The line of the next entry, which must follow the one before it. */
  line(entry: LedgerEntry): string {
    const line = `${canonicalJson(entry)}\n`;
    this.#hash.update(line, 'utf8');
    this.#first ??= entry.seq;
    this.#last = entry;
    this.#entries += 1;
    return line;
  }

  /** The last line; the writer is used up. `exportedAt` is RFC 3339. */
  manifest(exportedAt: string): string {
    const sealed = {
      format: EXPORT_FORMAT,
      ...this.#scope,
      from_seq: this.#first,
      to_seq: this.#last?.seq ?? null,
      entries: this.#entries,
      head_hash: this.#last?.hash ?? null,
      entries_digest: `sha256:${this.#hash.digest('hex')}`,
      exported_at: exportedAt,
    };
    return `${canonicalJson({ manifest: { ...sealed, digest: digest(sealed) } })}\n`;
  }
}
