import { generateKeyPairSync } from 'node:crypto';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { SnapshotView } from '@countersign/protocol/backup/backup-requests';
import { snapshotKeysSchema } from '@countersign/protocol/backup/snapshot-keys';
import { packEntries, packRows } from '@countersign/protocol/backup/snapshot-lines';
import {
  MANIFEST_FILE,
  SNAPSHOT_FORMAT,
  type SnapshotManifest,
} from '@countersign/protocol/backup/snapshot-manifest';
import { signManifest } from '@countersign/protocol/backup/snapshot-signature';
import { canonicalJson } from '@countersign/protocol/canonical-json';
import { entryHash, genesisHash } from '@countersign/protocol/ledger';

const PROJECT = 'prj_1';
export const SNAPSHOT_ID = `snp_${'0'.repeat(25)}1`;
export const TAKEN_AT = '2026-11-21T09:00:00.000Z';

/** A snapshot as a plane has it: its files by name, its manifest, and the public keys. */
export interface SampleSnapshot {
  readonly files: ReadonlyMap<string, Uint8Array>;
  readonly manifest: string;
  readonly keys: readonly object[];
  readonly view: SnapshotView;
}

/** A snapshot of a record of one entry and one row, signed with a key of its own. */
export async function sampleSnapshot(changes: Partial<SnapshotManifest> = {}): Promise<SampleSnapshot> {
  const unsealed = {
    tenant: PROJECT,
    seq: 1,
    at: '2026-11-20T09:00:00.000Z',
    actor: { kind: 'system' as const, id: 'provisioner' },
    type: 'tenant.created' as const,
    subject: `tenant/${PROJECT}`,
    body: { label: 'acme' },
    prev_hash: genesisHash(PROJECT),
    prev_subject_seq: null,
    prev_subject_hash: null,
  };
  const entry = { ...unsealed, hash: entryHash(unsealed) };
  const ledger = packEntries([entry]);
  const rows = packRows([{ table: 'idempotency', key: 'k', values: ['v'] }]);
  const names = { ledger: 'ledger-000002-0123abcd.ndjson.gz', rows: 'rows-000001-0123abcd.ndjson.gz' };
  const described = ({ bytes, digest, lines }: typeof ledger) => ({ lines, bytes: bytes.byteLength, digest });
  const head = { seq: 1, hash: entry.hash, turn: 1 };
  const { privateKey } = generateKeyPairSync('ed25519');
  const keys = snapshotKeysSchema.parse([{ kid: 'first', ...privateKey.export({ format: 'jwk' }) }]);
  const signed = await signManifest(
    {
      format: SNAPSHOT_FORMAT,
      snapshot_id: SNAPSHOT_ID,
      project_id: PROJECT,
      label: 'acme',
      region: 'local',
      reason: 'demand',
      taken_at: TAKEN_AT,
      schema: '0007',
      head,
      entries: 1,
      rows: 1,
      files: [
        { name: names.rows, kind: 'rows', ...described(rows) },
        { name: names.ledger, kind: 'ledger', ...described(ledger), from_seq: 1, to_seq: 1 },
      ],
      ...changes,
    },
    keys,
  );
  return {
    files: new Map([
      [names.rows, rows.bytes],
      [names.ledger, ledger.bytes],
    ]),
    manifest: canonicalJson(signed),
    keys: keys.map(({ crv, kid, kty, x }) => ({ crv, kid, kty, x })),
    view: {
      snapshot_id: SNAPSHOT_ID,
      reason: 'demand',
      taken_at: TAKEN_AT,
      head,
      entries: 1,
      bytes: ledger.bytes.byteLength + rows.bytes.byteLength,
      state: 'good',
      refused_because: null,
      proven_at: null,
    },
  };
}

/** Lays a snapshot out in a folder, as it is stored. */
export async function layOut(folder: string, { files, manifest }: SampleSnapshot): Promise<void> {
  await mkdir(folder, { recursive: true });
  for (const [name, bytes] of files) await writeFile(join(folder, name), bytes);
  await writeFile(join(folder, MANIFEST_FILE), manifest);
}

export const work = {
  work_id: 'bkp_1',
  kind: 'snapshot',
  snapshot_id: SNAPSHOT_ID,
  state: 'going',
  phase: 'ledger',
  entries: 40,
  begun_at: TAKEN_AT,
  ended_at: null,
  trouble: null,
};

export const key = { kid: 'first', kty: 'OKP', crv: 'Ed25519', x: 'x'.repeat(43) };

/** What a plane lists that has nothing to complain of. */
export const listed = {
  snapshots: [],
  work: [],
  alarms: [],
  last_snapshot_at: TAKEN_AT,
  last_proven_restore: null,
  every_hours: 24,
  prove_every_hours: null,
  keep: { count: 14, days: 30 },
  keys: [key],
};
