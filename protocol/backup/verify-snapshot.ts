import { ChainWalk, tenantLink } from '../export-chain.ts';
import { readEntryLine } from '../export-line.ts';
import { genesisHash } from '../ledger.ts';
import type { SnapshotKey } from './snapshot-keys.ts';
import { rowOfLine, unpack } from './snapshot-lines.ts';
import type { SignedManifest, SnapshotFile, SnapshotManifest } from './snapshot-manifest.ts';
import { checkSignature } from './snapshot-signature.ts';

export const snapshotFaultCodes = [
  'signature_bad',
  'signature_unknown',
  'file_missing',
  'file_altered',
  'chain_broken',
  'counts_differ',
] as const;
export type SnapshotFaultCode = (typeof snapshotFaultCodes)[number];

export interface SnapshotFault {
  readonly code: SnapshotFaultCode;
  /** The file in which it shows, where it is one. */
  readonly file: string | null;
  readonly message: string;
}

export type SnapshotVerdict =
  /** `isSignatureChecked`: false where no keys were given. */
  | { readonly ok: true; readonly manifest: SnapshotManifest; readonly isSignatureChecked: boolean }
  | { readonly ok: false; readonly fault: SnapshotFault };

/**
 * Verifies a snapshot: who signed it, that each file is the one that was signed, and that the chain runs from the first
 * entry to the head. `read` gives a file's bytes, undefined where there is none. It holds one file at a time.
 */
export async function verifySnapshot(
  signed: SignedManifest,
  read: (file: string) => Promise<Uint8Array | undefined>,
  keys: readonly SnapshotKey[] | undefined,
): Promise<SnapshotVerdict> {
  const { manifest } = signed;
  const fault = await signatureFault(signed, keys);
  if (fault !== undefined) return { ok: false, fault };
  const walk = new SnapshotWalk(manifest);
  for (const file of manifest.files) {
    const bytes = await read(file.name);
    const found = bytes === undefined ? missing(file.name) : walk.step(file, bytes);
    if (found !== undefined) return { ok: false, fault: found };
  }
  const end = walk.end();
  return end === undefined
    ? { ok: true, manifest, isSignatureChecked: keys !== undefined }
    : { ok: false, fault: end };
}

async function signatureFault(
  signed: SignedManifest,
  keys: readonly SnapshotKey[] | undefined,
): Promise<SnapshotFault | undefined> {
  const verdict = keys === undefined ? 'good' : await checkSignature(signed, keys);
  switch (verdict) {
    case 'good':
      return undefined;
    case 'bad':
      return { code: 'signature_bad', file: null, message: 'the manifest is not as it was signed' };
    case 'unknown_key':
      return {
        code: 'signature_unknown',
        file: null,
        message: `the key ${signed.manifest.key_id} that signed it is none of those that are trusted here`,
      };
  }
}

/** How far a snapshot has been read. */
class SnapshotWalk {
  readonly #manifest: SnapshotManifest;
  readonly #chain = new ChainWalk(tenantLink);
  #entries = 0;
  #rows = 0;
  #last: { readonly seq: number; readonly hash: string };

  constructor(manifest: SnapshotManifest) {
    this.#manifest = manifest;
    this.#last = { seq: 0, hash: genesisHash(manifest.project_id) };
  }

  step(file: SnapshotFile, bytes: Uint8Array): SnapshotFault | undefined {
    const unpacked = unpack(bytes, file);
    if (!unpacked.ok) return { code: 'file_altered', file: file.name, message: unpacked.message };
    for (const line of unpacked.lines) {
      const fault = file.kind === 'ledger' ? this.#entry(line) : this.#row(line);
      if (fault !== undefined) return { code: 'chain_broken', file: file.name, message: fault };
    }
    return undefined;
  }

  #entry(line: string): string | undefined {
    const read = readEntryLine(line);
    if (read === undefined) return `what follows entry ${this.#last.seq} is no entry`;
    const { entry, isSealed } = read;
    if (entry.tenant !== this.#manifest.project_id) return `entry ${entry.seq} is of another project`;
    if (!isSealed) return `entry ${entry.seq} is not as it was hashed`;
    this.#entries += 1;
    this.#chain.step(entry, this.#entries);
    this.#last = { seq: entry.seq, hash: entry.hash };
    return this.#chain.fault?.message;
  }

  #row(line: string): string | undefined {
    this.#rows += 1;
    return rowOfLine(line) === undefined ? `line ${this.#rows} of the rows holds none` : undefined;
  }

  end(): SnapshotFault | undefined {
    const { entries, head, rows } = this.#manifest;
    const isWhole =
      entries === this.#entries &&
      rows === this.#rows &&
      head.seq === this.#last.seq &&
      head.hash === this.#last.hash;
    if (isWhole) return undefined;
    const message = `it ends at entry ${this.#last.seq} with ${this.#rows} rows, and should at ${head.seq} with ${rows}`;
    return { code: 'counts_differ', file: null, message };
  }
}

function missing(file: string): SnapshotFault {
  return { code: 'file_missing', file, message: 'it is not there' };
}
