import { join } from 'node:path';
import { printable } from '@countersign/client/printable';
import type { SnapshotKey } from '@countersign/protocol/backup/snapshot-keys';
import { type SnapshotVerdict, verifySnapshot } from '@countersign/protocol/backup/verify-snapshot';
import type { Context } from '../command/context.ts';
import { shortTime } from '../command/listing.ts';
import { type ExitCode, exitCodes } from '../exit-codes.ts';
import { facts } from '../output/table.ts';
import { bytesIn, readManifest, readRefusal } from './snapshot-files.ts';

/** Verifies a snapshot where its files lie, without a plane. Throws `CliFault` where there is none. */
export async function verifyFiles(
  folder: string,
  keys: readonly SnapshotKey[] | undefined,
): Promise<SnapshotVerdict> {
  return verifySnapshot(await readManifest(folder), (name) => bytesIn(join(folder, name)), keys);
}

/** Answers with what a folder holds: fails for what does not hold, and for what holds and is not to be trusted. */
export async function answerVerified(
  context: Context,
  folder: string,
  keys: readonly SnapshotKey[] | undefined,
): Promise<ExitCode> {
  const verdict = await verifyFiles(folder, keys);
  const refused = await readRefusal(folder);
  if (!verdict.ok) {
    const { code, file, message } = verdict.fault;
    const where = file === null ? folder : join(folder, file);
    context.answer(verdict, `${printable(where)}: ${code}: ${printable(message)}\n`);
    return exitCodes.failed;
  }
  const { isSignatureChecked, manifest } = verdict;
  const document = {
    ok: refused === undefined,
    signature_checked: isSignatureChecked,
    refused_because: refused ?? null,
    manifest,
  };
  context.answer(
    document,
    `${printable(folder)} ${refused === undefined ? 'holds' : `is what was stored, and does not stand for the record: ${refused}`}\n${facts(
      [
        ['snapshot', manifest.snapshot_id],
        ['project', `${manifest.project_id} (${manifest.label})`],
        ['taken', shortTime(manifest.taken_at)],
        ['entries', `${manifest.entries}, and ${manifest.rows} rows that stand in none`],
        ['head', manifest.head.hash],
        [
          'signed by',
          isSignatureChecked
            ? manifest.key_id
            : `NOT CHECKED: whoever can write here can have made it; say --keys FILE`,
        ],
      ],
    )}`,
  );
  return refused === undefined ? exitCodes.ok : exitCodes.failed;
}
