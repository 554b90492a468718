import { ApiError } from '@countersign/client/api-error';
import type { BackupWork } from '@countersign/client/backups-api';
import { printable } from '@countersign/client/printable';
import type { Context } from '../command/context.ts';
import { explainFault } from '../command/explain-fault.ts';
import { exitCodes } from '../exit-codes.ts';
import { CliFault } from '../fault.ts';
import type { Plane } from '../plane.ts';
import { phaseText } from './backups-text.ts';

const LOOK_EVERY_MS = 1_000;

/**
 * Says how a work goes until it is over; how it ended. What may pass is looked past: the work goes on without anybody
 * who looks. Throws `CliFault` where it is not in the list any more.
 */
export async function followWork(context: Context, plane: Plane, begun: BackupWork): Promise<BackupWork> {
  const { pause } = context.world;
  let told = '';
  const tell = (line: string) => {
    if (line !== told) context.say(`  ${line}\n`);
    told = line;
  };
  for (let seen: BackupWork | undefined = begun; ; seen = await look(context, plane, begun, tell)) {
    if (seen !== undefined) {
      tell(`${printable(seen.kind)}: ${printable(phaseText(seen))}${troubleText(seen)}`);
      if (seen.state !== 'going') return seen;
    }
    await pause(LOOK_EVERY_MS);
  }
}

/** Undefined while nothing can be seen. */
async function look(
  { world: { signal } }: Context,
  { backups }: Plane,
  { kind, work_id }: BackupWork,
  tell: (line: string) => void,
): Promise<BackupWork | undefined> {
  try {
    const { work } = await backups.list({ signal });
    const found = work.find((one) => one.work_id === work_id);
    if (found === undefined) throw forgotten(work_id);
    return found;
  } catch (error) {
    if (!(error instanceof ApiError)) throw error;
    const isClosed = (kind === 'restore' || kind === 'archive') && error.code === 'project_not_found';
    if (!isClosed && !error.retryable) throw error;
    tell(isClosed ? CLOSED : explainFault(error).text.trim());
    return undefined;
  }
}

const CLOSED = 'the project is closed; its owner in the directory sees how it goes, and you when it is open';

function troubleText({ trouble }: BackupWork): string {
  return trouble == null ? '' : ` (${printable(trouble)})`;
}

function forgotten(workId: string): CliFault {
  return new CliFault(`the work ${workId} is not in the list any more`, {
    code: exitCodes.failed,
    next: 'countersign backup list',
  });
}
