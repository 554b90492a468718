import { createHash } from 'node:crypto';
import { join } from 'node:path';
import { ApiError } from '@countersign/client/api-error';
import { printable } from '@countersign/client/printable';
import { MANIFEST_FILE } from '@countersign/protocol/backup/snapshot-manifest';
import { workText } from '../backups/backups-text.ts';
import { followWork } from '../backups/follow-work.ts';
import { bytesIn, readKeys, readRefusal } from '../backups/snapshot-files.ts';
import { verifyFiles } from '../backups/verify-files.ts';
import { command, operand } from '../command/command.ts';
import { confirm, showFirst, yesOption } from '../command/confirming.ts';
import type { Context } from '../command/context.ts';
import { reasonOption, writeOptions } from '../command/writing.ts';
import { exitCodes } from '../exit-codes.ts';
import { CliFault, usageFault } from '../fault.ts';
import { openPlane, type Plane } from '../plane.ts';

const archive = command({
  name: 'projects archive',
  summary: 'put the project away: let it end, close it, copy it',
  text: `Nothing new is leased, what is leased may end, then nobody is served any more; a copy is made, and read again from the
first entry to the last. Its owner can serve it again (projects reopen), fetch the copy (backup fetch), or end it (projects
delete). This follows the work until it is over; Ctrl-C ends the following, not the work.`,
  options: { ...reasonOption, ...yesOption },
  example: 'countersign projects archive --reason "the pilot is over"',
  run: async (context, { reason, yes }) => {
    if (reason === undefined || reason === '') throw usageFault('projects archive needs --reason');
    const plane = await openPlane(context);
    showFirst(context, 'Nobody will be served any more until its owner says otherwise.\n');
    if (yes !== true) await confirm(context, 'archive', 'the project');
    const ended = await followWork(
      context,
      plane,
      await plane.backups.archive(reason, writeOptions(context)),
    );
    context.answer({ work: ended }, workText(ended, context.world.now()));
    return ended.state === 'done' ? exitCodes.ok : exitCodes.failed;
  },
});

const reopen = command({
  name: 'projects reopen',
  summary: 'serve a project again that was put away',
  text: 'Nothing is leased until an operator lifts the stop: countersign fleet freezes.',
  example: 'countersign projects reopen',
  run: async (context) => {
    const plane = await openPlane(context);
    const answer = await plane.backups.reopen(writeOptions(context));
    context.answer(answer, 'it is served again; what holds its work: countersign fleet freezes\n');
    return exitCodes.ok;
  },
});

const end = command({
  name: 'projects delete',
  summary: 'end the project, and all its copies with it',
  text: `Its machines, its rows, what its object keeps and every snapshot in the store go, and do not come back. --archive is the
folder of the archive that you fetched: it is verified here, and what is told of it shows that you have it. Without one say
the label twice: countersign projects delete acme --without-archive acme.`,
  operands: ['LABEL'],
  options: {
    ...yesOption,
    archive: { type: 'string', value: 'DIR', help: 'the fetched archive: DIR/PROJECT/SNAPSHOT' },
    keys: { type: 'string', value: 'FILE', help: 'the public keys that you kept, to verify it with' },
    'without-archive': { type: 'string', value: 'LABEL', help: 'the label once more: no copy is wanted' },
  },
  example: 'countersign projects delete acme --archive /mnt/elsewhere/prj_1/snp_01J...',
  run: async (context, { archive: folder, keys, 'without-archive': without, yes }, operands) => {
    const label = operand(operands, 0);
    if ((folder === undefined) === (without === undefined))
      throw usageFault('projects delete needs --archive DIR, or --without-archive LABEL');
    const wish =
      folder === undefined
        ? { label, without_archive: without ?? '' }
        : { label, archive_digest: await digestOf(folder, keys) };
    showFirst(context, `The project ${printable(label)} and all its copies will be gone for good.\n`);
    if (yes !== true) await confirm(context, 'delete', label);
    const plane = await openPlane(context);
    await plane.backups.end(wish, writeOptions(context));
    await untilGone(context, plane);
    context.answer({ ok: true, label, status: 'deleted' }, `${printable(label)} is gone\n`);
    return exitCodes.ok;
  },
});

/** Of the manifest of an archive that holds. Throws `CliFault`. */
async function digestOf(folder: string, keys: string | undefined): Promise<string> {
  const verdict = await verifyFiles(folder, keys === undefined ? undefined : await readKeys(keys));
  const refused = await readRefusal(folder);
  const bytes = await bytesIn(join(folder, MANIFEST_FILE));
  if (verdict.ok && refused === undefined && bytes !== undefined)
    return `sha256:${createHash('sha256').update(bytes).digest('hex')}`;
  const why = verdict.ok
    ? `it does not stand for the record: ${refused ?? 'unknown'}`
    : verdict.fault.message;
  throw new CliFault(`${folder} is no archive that holds: ${why}`, {
    code: exitCodes.failed,
    next: 'countersign backup fetch ID --to DIR',
  });
}

const LOOK_EVERY_MS = 1_000;

/** Nobody can tell any more that there was one. Throws `CliFault` where the work failed. */
async function untilGone({ world: { pause, signal } }: Context, { backups }: Plane): Promise<void> {
  for (;;) {
    try {
      const { work } = await backups.list({ signal });
      const [newest] = work;
      if (newest?.kind === 'delete' && newest.state === 'failed')
        throw new CliFault(`it could not be ended (${newest.trouble ?? 'unknown'})`, {
          code: exitCodes.failed,
          next: 'say it again: what is gone stays gone, and the rest is tried anew',
        });
    } catch (error) {
      if (!(error instanceof ApiError)) throw error;
      if (error.code === 'project_not_found') return;
      if (!error.retryable) throw error;
    }
    await pause(LOOK_EVERY_MS);
  }
}

export const closingCommands = [archive, reopen, end];
