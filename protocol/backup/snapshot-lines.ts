import { createHash } from 'node:crypto';
import { gunzipSync, gzipSync } from 'node:zlib';
import { canonicalJson } from '../canonical-json.ts';
import type { LedgerEntry } from '../ledger.ts';
import type { SnapshotFile } from './snapshot-manifest.ts';

/** Uncompressed; a file is made of one page, which is far smaller. What claims to be larger is no file of ours. */
const LARGEST_TEXT = 64 * 1024 * 1024;

/** A row that stands in no entry, as it travels. */
export interface SnapshotRow {
  readonly table: string;
  readonly key: string | number;
  readonly values: readonly (string | number | null)[];
}

export interface PackedFile {
  readonly bytes: Uint8Array;
  readonly digest: string;
  readonly lines: number;
}

export function packEntries(entries: readonly LedgerEntry[]): PackedFile {
  return pack(entries.map((entry) => canonicalJson(entry)));
}

export function packRows(rows: readonly SnapshotRow[]): PackedFile {
  return pack(rows.map((row) => canonicalJson({ row })));
}

function pack(lines: readonly string[]): PackedFile {
  const bytes = gzipSync(lines.map((line) => `${line}\n`).join(''));
  return { bytes, digest: bytesDigest(bytes), lines: lines.length };
}

export function bytesDigest(bytes: Uint8Array): string {
  return `sha256:${createHash('sha256').update(bytes).digest('hex')}`;
}

export type Unpacked =
  | { readonly ok: true; readonly lines: readonly string[] }
  | { readonly ok: false; readonly message: string };

/** The lines of a stored file, once it is sure that it is the one that the manifest names. */
export function unpack(bytes: Uint8Array, file: SnapshotFile): Unpacked {
  if (bytes.byteLength !== file.bytes || bytesDigest(bytes) !== file.digest)
    return { ok: false, message: 'it is not as it was when the manifest was signed' };
  try {
    const text = gunzipSync(bytes, { maxOutputLength: LARGEST_TEXT }).toString('utf8');
    const lines = text.split('\n');
    if (lines.pop() !== '' || lines.length !== file.lines)
      return { ok: false, message: `it does not hold ${file.lines} lines` };
    return { ok: true, lines };
  } catch {
    return { ok: false, message: 'it cannot be decompressed' };
  }
}

/** The row of a line; undefined where it holds none. */
export function rowOfLine(line: string): SnapshotRow | undefined {
  const parsed: unknown = JSON.parse(line);
  if (typeof parsed !== 'object' || parsed === null || !('row' in parsed)) return undefined;
  return isRow(parsed.row) ? parsed.row : undefined;
}

function isRow(value: unknown): value is SnapshotRow {
  if (typeof value !== 'object' || value === null) return false;
  if (!('table' in value && 'key' in value && 'values' in value)) return false;
  const { key, table, values } = value;
  return (
    typeof table === 'string' &&
    (typeof key === 'string' || typeof key === 'number') &&
    Array.isArray(values) &&
    values.every((one) => one === null || typeof one === 'string' || typeof one === 'number')
  );
}
