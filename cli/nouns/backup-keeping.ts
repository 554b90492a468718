import { ApiError } from '@countersign/client/api-error';
import type { BackupWork, RestoreWish } from '@countersign/client/backups-api';
import type { Freezes } from '@countersign/client/fleet-api';
import type { WriteOptions } from '@countersign/client/http';
import { printable } from '@countersign/client/printable';
import { workText } from '../backups/backups-text.ts';
import { fetchSnapshot, unknownSnapshot } from '../backups/fetch-snapshot.ts';
import { followWork } from '../backups/follow-work.ts';
import { LOSSES_UNKNOWN, lossesUnknownText, restoredText, restorePlan } from '../backups/restore-text.ts';
import { readKeys } from '../backups/snapshot-files.ts';
import { command, operand } from '../command/command.ts';
import { confirm, showFirst, yesOption } from '../command/confirming.ts';
import type { Context } from '../command/context.ts';
import { reasonOption, writeOptions } from '../command/writing.ts';
import { exitCodes } from '../exit-codes.ts';
import { usageFault } from '../fault.ts';
import { openPlane, type Plane } from '../plane.ts';

const restore = command({
  name: 'backup restore',
  summary: 'replace the record by a snapshot, and hold all work',
  text: `Shows what will happen and asks. The project is closed, what is there now is set aside as a snapshot of its own, the
snapshot is brought back and compared, and the project is opened with everything stopped. Without a terminal it needs
--yes.

What was revoked after the snapshot is revoked again, as the record that is replaced tells. Where that one is broken, or
went another way, nobody can tell: then this asks once more before anything is erased.

--over is the project's label; it is needed where there is a record that is replaced. This follows the work until it is
over; Ctrl-C ends the following, not the work. Exit code 1 where it failed: then the project may still be closed.`,
  operands: ['SNAPSHOT'],
  options: {
    ...reasonOption,
    ...yesOption,
    over: { type: 'string', value: 'LABEL', help: 'replaces the record of the project of that label' },
    'accept-revoked': {
      type: 'string',
      value: 'LABEL',
      help: 'where nobody knows what was revoked since, it may be valid again',
    },
  },
  example: 'countersign backup restore snp_01J... --over acme --reason "the record was lost"',
  run: async (context, { 'accept-revoked': accepted, over, reason, yes }, operands) => {
    const id = operand(operands, 0);
    if (reason === undefined || reason === '') throw usageFault('backup restore needs --reason');
    const { now, signal } = context.world;
    const plane = await openPlane(context);
    const { snapshots } = await plane.backups.list({ signal });
    const found = snapshots.find(({ snapshot_id }) => snapshot_id === id);
    if (found === undefined) throw unknownSnapshot(id);
    showFirst(context, restorePlan(found, over, now()));
    if (yes !== true) await confirm(context, 'restore', id);
    const wish = { snapshot_id: id, reason };
    const options = writeOptions(context);
    let ended = await bringBack(context, plane, { ...wish, ...labelsOf(over, accepted) }, options);
    if (ended.trouble === LOSSES_UNKNOWN && over !== undefined) {
      showFirst(context, lossesUnknownText(over));
      if (yes !== true) {
        await confirm(context, 'accept', 'that they are valid again');
        // Another request than the first, and so under another key.
        const again = { ...options, idempotencyKey: `${context.takeWriteKey()}-accepted` };
        ended = await bringBack(context, plane, { ...wish, over, accept_revoked: over }, again);
      }
    }
    if (ended.state !== 'done') {
      context.answer({ work: ended, freezes: [] }, workText(ended, now()));
      return exitCodes.failed;
    }
    const { freezes } = await freezesOf(context, plane);
    context.answer({ work: ended, freezes }, restoredText(ended, freezes, context.emphasize));
    return exitCodes.ok;
  },
});

function labelsOf(over: string | undefined, accepted: string | undefined) {
  return {
    ...(over === undefined ? {} : { over }),
    ...(accepted === undefined ? {} : { accept_revoked: accepted }),
  };
}

/** How it ended. */
async function bringBack(
  context: Context,
  plane: Plane,
  wish: RestoreWish,
  options: WriteOptions,
): Promise<BackupWork> {
  return followWork(context, plane, await plane.backups.restore(wish, options));
}

const OPENS_WITHIN_MS = 20_000;
const LOOK_EVERY_MS = 1_000;

/** A gateway believes for a few seconds that a project is closed that was opened. */
async function freezesOf({ world }: Context, { fleet }: Plane): Promise<Freezes> {
  const { now, pause, signal } = world;
  for (const until = now() + OPENS_WITHIN_MS; ; await pause(LOOK_EVERY_MS)) {
    try {
      return await fleet.freezes({ signal });
    } catch (error) {
      const passes = error instanceof ApiError && error.code === 'project_not_found' && now() < until;
      if (!passes) throw error;
    }
  }
}

const prune = command({
  name: 'backup prune',
  summary: 'remove the snapshots that are beyond what is kept',
  text: `As it happens after each good snapshot. The newest good one never goes; archives, and what a restore set aside, stay.`,
  example: 'countersign backup prune',
  run: async (context) => {
    const plane = await openPlane(context);
    const answer = await plane.backups.prune(writeOptions(context));
    const { removed } = answer;
    context.answer(
      answer,
      removed.length === 0
        ? 'nothing is beyond what is kept\n'
        : removed.map((id) => `${printable(id)} is removed\n`).join(''),
    );
    return exitCodes.ok;
  },
});

const fetched = command({
  name: 'backup fetch',
  summary: 'copy a snapshot to a folder, and verify it there',
  text: `Writes DIR/PROJECT/SNAPSHOT, laid out as a backup folder is: another plane whose backups lie in DIR can bring it back,
once it has the key that signed it. Nothing that is there is replaced; the manifest comes last. Said again, it goes on
with what was broken off.

It holds the whole record: keep it as you keep the record.`,
  operands: ['SNAPSHOT'],
  options: {
    to: { type: 'string', value: 'DIR', help: 'where to; made where it is not there' },
    keys: { type: 'string', value: 'FILE', help: 'public keys that you kept; usual: what the plane says' },
  },
  example: 'countersign backup fetch snp_01J... --to /mnt/elsewhere',
  run: async (context, { keys, to }, operands) => {
    if (to === undefined || to === '') throw usageFault('backup fetch needs --to DIR');
    const pinned = keys === undefined ? undefined : await readKeys(keys);
    const plane = await openPlane(context);
    const { signal } = context.world;
    const got = await fetchSnapshot(plane, operand(operands, 0), to, pinned, signal);
    const { folder, manifest, refusedBecause } = got;
    const how = refusedBecause === null ? 'verified' : `and it was refused: ${printable(refusedBecause)}`;
    context.answer(
      { ok: true, folder, refused_because: refusedBecause, manifest },
      `${printable(folder)}: ${manifest.entries} entries in ${manifest.files.length} files, ${how}\n`,
    );
    return exitCodes.ok;
  },
});

export const backupKeepingCommands = [restore, prune, fetched];
