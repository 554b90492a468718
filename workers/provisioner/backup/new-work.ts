import { faultFields } from '@countersign/protocol/log/fault-fields';
import { log } from '@countersign/protocol/log/log';
import { sortableId } from '../sortable-id.ts';
import type { Work } from './work.ts';

/** What every work has. */
export type CommonOfWork = Pick<Work, 'work_id' | 'begunAt' | 'attempts' | 'trouble'>;

/** A work that begins now (Unix milliseconds). */
export function newWork(now: number): CommonOfWork {
  return { work_id: `bkp_${sortableId(now)}`, begunAt: now, attempts: 0, trouble: null };
}

export function newSnapshotId(): string {
  return `snp_${sortableId(Date.now())}`;
}

/** `snapshot_id` is empty where the fault is about none. */
export function logFault(tenant: string, { snapshot_id }: Pick<Work, 'snapshot_id'>, fault: unknown): void {
  log('backup.fault', {
    ...faultFields(fault),
    tenant,
    ...(snapshot_id === '' ? {} : { subject: snapshot_id }),
  });
}
