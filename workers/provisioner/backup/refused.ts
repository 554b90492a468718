import type { Refusal } from '@countersign/protocol/problem';
import type { Told } from '@countersign/protocol/provisioning/provisioning-requests';
import type { Work } from './work.ts';

export function busy({ kind, snapshot_id }: Work): Told<never> {
  const message = `a ${kind} is under way${snapshot_id === '' ? '' : ` (${snapshot_id})`}`;
  return refused('backup_busy', message, 'one thing at a time: ask again when it is over');
}

export function notFound(snapshotId: string): Told<never> {
  return refused('snapshot_not_found', `there is no snapshot ${snapshotId}`);
}

export function notKept(): Told<never> {
  const message = 'this installation keeps no copies of records: it is not configured where to put them';
  return refused(
    'backups_not_kept',
    message,
    'a project can be ended all the same: say twice that no archive is wanted',
  );
}

export function refused(code: Refusal['code'], message: string, next?: string): Told<never> {
  return { ok: false, refusal: { code, message, ...(next === undefined ? {} : { next }) } };
}
