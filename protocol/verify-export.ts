import { createHash } from 'node:crypto';
import {
  ChainWalk,
  type ExportFault,
  type ExportFaultCode,
  subjectLink,
  tenantLink,
} from './export-chain.ts';
import { type ChainEntry, type ReadLine, readEntryLine } from './export-line.ts';
import { type ExportManifest, MANIFEST_START, manifestDigest, manifestLineSchema } from './ledger-export.ts';

export type ExportVerdict =
  | { readonly ok: true; readonly entries: number; readonly manifest: ExportManifest }
  /** `entries` are those that were read. */
  | { readonly ok: false; readonly entries: number; readonly fault: ExportFault };

/**
 * Verifies an export by its lines, without their line feeds, and reports the first fault. It reads once, in memory
 * that does not grow. That nobody cut off the end and wrote a new manifest, only a `head_hash` from elsewhere can tell.
 * In a whole export the chains of the subjects are not followed: the tenant's chain binds every entry already.
 */
export async function verifyExport(lines: AsyncIterable<string>): Promise<ExportVerdict> {
  const reading = new Reading();
  for await (const line of lines) {
    const fault = reading.read(line);
    if (fault !== undefined) return { ok: false, entries: reading.entries, fault };
  }
  return reading.end();
}

/** How far an export has been read. */
class Reading {
  readonly #digest = new LinesDigest();
  readonly #tenant = new ChainWalk(tenantLink);
  readonly #subject = new ChainWalk(subjectLink);
  #line = 0;
  #first: ChainEntry | undefined;
  #last: ChainEntry | undefined;
  #manifest: ExportManifest | undefined;
  /** A line that holds no entry: cut off when it is the last, else malformed. */
  #unread: number | undefined;
  entries = 0;

  /** Returns a fault where no later line can change it. */
  read(line: string): ExportFault | undefined {
    this.#line += 1;
    if (this.#manifest !== undefined)
      return this.#fault('inserted', 'something follows the manifest, which is the last line');
    if (this.#unread !== undefined && !this.#isBroken) return malformed(this.#unread);
    if (line.startsWith(MANIFEST_START)) return this.#readManifest(line);
    const read = readEntryLine(line);
    if (read !== undefined) return this.#readEntry(read, line);
    this.#unread ??= this.#line;
    return undefined;
  }

  /** Whether neither chain holds: then the fault lies behind, and what follows only tells which it was. */
  get #isBroken(): boolean {
    return this.#tenant.brokenAt !== undefined && this.#subject.brokenAt !== undefined;
  }

  #readEntry({ entry, isSealed }: ReadLine, line: string): ExportFault | undefined {
    this.entries += 1;
    this.#first ??= entry;
    if (!this.#isBroken) {
      if (entry.tenant !== this.#first.tenant)
        return this.#fault('foreign', `entry ${entry.seq} is of another project`, entry);
      if (!isSealed) return this.#fault('edited', `entry ${entry.seq} is not as it was hashed`, entry);
      this.#digest.add(line);
    }
    this.#tenant.step(entry, this.#line);
    this.#subject.step(entry, this.#line);
    this.#last = entry;
    return undefined;
  }

  #readManifest(line: string): ExportFault | undefined {
    let value: unknown;
    try {
      value = JSON.parse(line);
    } catch {
      this.#unread ??= this.#line;
      return undefined;
    }
    const parsed = manifestLineSchema.safeParse(value);
    if (!parsed.success || manifestDigest(parsed.data.manifest) !== parsed.data.manifest.digest)
      return this.#isBroken
        ? this.#likelyFault
        : this.#fault('manifest_altered', 'the manifest is not as it was sealed');
    this.#manifest = parsed.data.manifest;
    return this.#compare(parsed.data.manifest);
  }

  /** The manifest holds by itself; whether it is of these entries. */
  #compare(manifest: ExportManifest): ExportFault | undefined {
    const { fault } = manifest.scope === 'whole' ? this.#tenant : this.#subject;
    if (fault !== undefined) return fault;
    if (this.#first !== undefined && this.#first.tenant !== manifest.project_id)
      return this.#fault('foreign', `the entries are not of project ${manifest.project_id}`);
    if (manifest.entries > this.entries)
      return this.#fault(
        'dropped',
        `${manifest.entries - this.entries} of ${manifest.entries} entries are missing`,
      );
    if (manifest.entries < this.entries)
      return this.#fault(
        'inserted',
        `${this.entries - manifest.entries} entries are more than were exported`,
      );
    if (!this.#isOf(manifest)) return this.#fault('manifest_altered', 'the manifest is of other entries');
    if (manifest.entries_digest !== this.#digest.end())
      return this.#fault('edited', 'the text of an entry is not as it was exported');
    return undefined;
  }

  #isOf({ from_seq, head_hash, scope, subject, to_seq }: ExportManifest): boolean {
    return (
      from_seq === (this.#first?.seq ?? null) &&
      to_seq === (this.#last?.seq ?? null) &&
      head_hash === (this.#last?.hash ?? null) &&
      (scope === 'whole' ? subject === undefined : subject === (this.#first?.subject ?? subject))
    );
  }

  /**
   * Where neither chain holds and no manifest says which was exported: the one that held longer; of two that broke at
   * once, the tenant's.
   */
  get #likelyFault(): ExportFault | undefined {
    const isOfSubject = (this.#subject.brokenAt ?? 0) > (this.#tenant.brokenAt ?? 0);
    return isOfSubject ? this.#subject.fault : this.#tenant.fault;
  }

  #fault(code: ExportFaultCode, message: string, entry?: ChainEntry): ExportFault {
    return { line: this.#line, seq: entry?.seq ?? null, code, message };
  }

  end(): ExportVerdict {
    const { entries } = this;
    if (this.#manifest !== undefined) return { ok: true, entries, manifest: this.#manifest };
    const fault =
      (this.#isBroken ? this.#likelyFault : undefined) ??
      this.#fault('truncated', 'the end is missing: there is no manifest');
    return { ok: false, entries, fault };
  }
}

const LINES_AT_ONCE = 64;

/** The digest of all lines with their line feeds, taken of many at once: each call costs more than a line's bytes. */
class LinesDigest {
  readonly #hash = createHash('sha256');
  #text = '';
  #lines = 0;

  add(line: string): void {
    this.#text += `${line}\n`;
    this.#lines += 1;
    if (this.#lines % LINES_AT_ONCE !== 0) return;
    this.#hash.update(this.#text, 'utf8');
    this.#text = '';
  }

  end(): string {
    return `sha256:${this.#hash.update(this.#text, 'utf8').digest('hex')}`;
  }
}

function malformed(line: number): ExportFault {
  return { line, seq: null, code: 'malformed', message: 'this line holds no ledger entry' };
}
