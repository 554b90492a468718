import { describe, expect, test } from 'vitest';
import { canonicalJson, digest, textDigest } from './canonical-json.ts';
import { entryHash, genesisHash, type LedgerEntry } from './ledger.ts';
import { ExportWriter, MANIFEST_START, manifestDigest, manifestLineSchema } from './ledger-export.ts';

const unsealed = {
  tenant: 'prj_1',
  seq: 1,
  at: '2026-11-21T10:00:00.000Z',
  actor: { kind: 'system', id: 'plane' },
  type: 'tenant.created',
  subject: 'tenant/prj_1',
  body: { label: 'Ž' },
  prev_hash: genesisHash('prj_1'),
  prev_subject_seq: null,
  prev_subject_hash: null,
} as const;
const entry: LedgerEntry = { ...unsealed, hash: entryHash(unsealed) };

describe('an export', () => {
  test('is canonical entries and a manifest that seals them', () => {
    const writer = new ExportWriter({ project_id: 'prj_1', scope: 'proposal', subject: entry.subject });
    const line = writer.line(entry);
    const last = writer.manifest('2026-11-21T12:00:00Z');
    expect(line).toBe(`${canonicalJson(entry)}\n`);
    expect(last.startsWith(MANIFEST_START)).toBe(true);
    expect(last.endsWith('}}\n')).toBe(true);
    const { manifest } = manifestLineSchema.parse(JSON.parse(last));
    const { digest: stated, ...sealed } = manifest;
    expect(sealed).toEqual({
      format: 'countersign.ledger-export.v1',
      project_id: 'prj_1',
      scope: 'proposal',
      subject: entry.subject,
      from_seq: 1,
      to_seq: 1,
      entries: 1,
      head_hash: entry.hash,
      entries_digest: textDigest(line),
      exported_at: '2026-11-21T12:00:00Z',
    });
    expect(stated).toBe(digest(sealed));
    expect(manifestDigest(manifest)).toBe(stated);
  });
});
