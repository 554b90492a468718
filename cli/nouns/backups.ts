import type { BackupWork } from '@countersign/client/backups-api';
import { printable } from '@countersign/client/printable';
import { backupsText, workText } from '../backups/backups-text.ts';
import { followWork } from '../backups/follow-work.ts';
import { readKeys } from '../backups/snapshot-files.ts';
import { answerVerified } from '../backups/verify-files.ts';
import { command } from '../command/command.ts';
import type { Context } from '../command/context.ts';
import type { Options } from '../command/options.ts';
import { writeOptions } from '../command/writing.ts';
import { type ExitCode, exitCodes } from '../exit-codes.ts';
import { usageFault } from '../fault.ts';
import { openPlane, type Plane } from '../plane.ts';

const waitOption = {
  wait: { type: 'boolean', help: 'until it is over' },
} as const satisfies Options;

const create = command({
  name: 'backup create',
  summary: 'take a snapshot now, while everything goes on',
  text: `One thing at a time: while another snapshot, proof or restore is under way this is refused. Without --wait the list
says when it is done. Exit code 1 where it failed.`,
  options: waitOption,
  example: 'countersign backup create --wait',
  run: async (context, { wait }) => {
    const plane = await openPlane(context);
    return begun(context, plane, await plane.backups.take(writeOptions(context)), wait === true);
  },
});

const list = command({
  name: 'backup list',
  summary: 'alarms, the last proven restore, every snapshot',
  text: `Alarms come first; each stands until what it is about has gone well again. A snapshot is proven when it was brought
back in a scratch database, and everything compared.

A refused snapshot is kept and stands for nothing; one that was set aside is what a restore replaced.`,
  example: 'countersign backup list',
  run: async (context) => {
    const plane = await openPlane(context);
    const found = await plane.backups.list({ signal: context.world.signal });
    context.answer(found, backupsText(found, context.world.now(), context.emphasize));
    return exitCodes.ok;
  },
});

const verify = command({
  name: 'backup verify',
  summary: 'read a snapshot whole: signature, files, chain',
  text: `SNAPSHOT is verified by the plane, which holds it. With --from it is verified here and offline: DIR is the folder of one
snapshot, as \`backup fetch\` and a backup folder lay it out (DIR/PROJECT/SNAPSHOT).

Offline, only --keys says who signed it; keep the keys where the snapshots are not. Exit code 1 for what does not hold,
and for what was refused when it was taken.`,
  operands: ['[SNAPSHOT]'],
  options: {
    from: { type: 'string', value: 'DIR', help: 'the folder of a snapshot, without a plane' },
    keys: { type: 'string', value: 'FILE', help: 'the public keys, as `backup keys` prints them' },
  },
  example: 'countersign backup verify --from /mnt/backups/prj_1/snp_01J... --keys keys.json',
  run: async (context, { from, keys }, [snapshotId]) => {
    if ((from === undefined) === (snapshotId === undefined))
      throw usageFault('backup verify needs a SNAPSHOT on the plane, or --from DIR');
    if (from !== undefined)
      return answerVerified(context, from, keys === undefined ? undefined : await readKeys(keys));
    if (keys !== undefined) throw usageFault('--keys is of --from: the plane has its own');
    const plane = await openPlane(context);
    const asked = await plane.backups.verify(snapshotId ?? '', writeOptions(context));
    return begun(context, plane, asked, true);
  },
});

const prove = command({
  name: 'backup prove',
  summary: 'bring the newest snapshot back in a scratch place',
  text: `The newest good snapshot is brought back in a database in which nobody lives, every row is compared, and it is taken
away again. It is the one thing that shows that a copy comes back. Exit code 1 where it failed.`,
  options: waitOption,
  example: 'countersign backup prove --wait',
  run: async (context, { wait }) => {
    const plane = await openPlane(context);
    return begun(context, plane, await plane.backups.prove(writeOptions(context)), wait === true);
  },
});

const keys = command({
  name: 'backup keys',
  summary: 'the public keys that snapshots are checked with',
  text: 'A JSON Web Key Set. Keep it where the snapshots are not: whoever can replace both can make a snapshot.',
  example: 'countersign backup keys > keys.json',
  run: async (context) => {
    const plane = await openPlane(context);
    const found = await plane.backups.list({ signal: context.world.signal });
    const set = { keys: found.keys };
    context.answer(set, `${JSON.stringify(set, null, 2)}\n`);
    return exitCodes.ok;
  },
});

/** Answers with what was begun, or with how it ended. */
async function begun(context: Context, plane: Plane, work: BackupWork, waits: boolean): Promise<ExitCode> {
  if (!waits) {
    const next = 'it goes on by itself; `countersign backup list` says how';
    context.answer(work, `${printable(work.kind)} of ${printable(work.snapshot_id)} is begun: ${next}\n`);
    return exitCodes.ok;
  }
  const ended = await followWork(context, plane, work);
  context.answer(ended, workText(ended, context.world.now()));
  return ended.state === 'done' ? exitCodes.ok : exitCodes.failed;
}

export const backupCommands = [create, list, verify, prove, keys];
