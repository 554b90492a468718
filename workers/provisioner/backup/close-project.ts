import { eraseTenant } from '../erase-tenant.ts';
import { appName } from '../hosted-runners.ts';
import type { BackupMeans } from './backup-means.ts';
import { CannotReturn } from './bring-back.ts';
import { setStatus } from './project-status.ts';
import { removeSnapshot, shelfOf } from './stored-snapshots.ts';
import { type Surroundings, wholeSnapshot } from './surroundings.ts';
import { freshSnapshot, takePiece } from './take-snapshot.ts';
import type { ArchiveWork, DeleteWork, Piece } from './work.ts';

/** What is leased may still be reported; after this it is only waited for what has run out anyway. */
const LONGEST_DRAIN_MS = 15 * 60_000;
const LOOK_AGAIN_MS = 2_000;
/** The gateway believes a line of the directory for ten seconds, and a request takes its time. */
export const BELIEVED_MS = 12_000;

/**
 * The next piece of putting a project away: nothing new is leased, what is leased may end, then nobody is served any
 * more; then a copy is made, and read again from the first entry to the last.
 */
export async function archivePiece(around: Surroundings, work: ArchiveWork): Promise<Piece> {
  const { means, project } = around;
  const next = (phase: ArchiveWork['phase']): Piece => ({ kind: 'on', work: { ...work, phase } });
  switch (work.phase) {
    case 'drain': {
      await setStatus(means, project, 'draining');
      const held = await means
        .record(project.tenant)
        .hold(project, `the project is put away: ${work.reason}`);
      if (!held.ok) throw new Error('the project could not be held');
      return next('drained');
    }
    case 'drained': {
      const isOver = means.now() - work.begunAt > LONGEST_DRAIN_MS;
      if (isOver || (await leasesOf(means, project)) === 0) return next('close');
      return { kind: 'wait', work, until: means.now() + LOOK_AGAIN_MS };
    }
    case 'close':
      await setStatus(means, project, 'suspended');
      return { kind: 'wait', work: { ...work, phase: 'copy' }, until: means.now() + BELIEVED_MS };
    case 'copy': {
      const copy = work.copy ?? freshSnapshot(project.tenant, work.snapshot_id, 'archive');
      const taken = await takePiece(means, project, copy, await around.before());
      if (taken.kind === 'on') return { kind: 'on', work: { ...work, copy: taken.state } };
      if (taken.kind === 'nothing') throw new CannotReturn('no_record', 'there is no record to put away');
      if (taken.kind === 'refused') throw new CannotReturn(`refused_${taken.because}`, 'the copy is refused');
      return next('verify');
    }
    case 'verify':
      await wholeSnapshot(around, work.snapshot_id);
      await setStatus(means, project, 'archived');
      return { kind: 'done' };
  }
}

/**
 * The next piece of ending a project: its machine at the hosting provider, its rows, what its object keeps, its copies,
 * and its line in the directory, which is the last thing that says that there was one. Each may be repeated.
 */
export async function deletePiece(around: Surroundings, work: DeleteWork): Promise<Piece> {
  const { means, project } = around;
  const next = (phase: DeleteWork['phase']): Piece => ({ kind: 'on', work: { ...work, phase } });
  switch (work.phase) {
    case 'machines':
      // Whoever asked for it can see from here on how it goes, and nobody else can reach it.
      await setStatus(means, project, 'suspended');
      await removeMachines(means, project.tenant);
      return next('rows');
    case 'rows':
      await eraseTenant(means.shard(project.shard), project.tenant);
      if (means.scratch !== undefined) await eraseTenant(means.shard(means.scratch), project.tenant);
      return next('object');
    case 'object':
      await means.record(project.tenant).forget();
      await means.record(`proof/${project.tenant}`).forget();
      return next('copies');
    case 'copies': {
      const { snapshots, unfinished } = await shelfOf(means.store, project.tenant);
      const ids = [...snapshots.map(({ manifest }) => manifest.snapshot_id), ...unfinished];
      for (const id of ids) await removeSnapshot(means.store, project.tenant, id);
      return next('line');
    }
    case 'line':
      await means.forgetSaga(project.label, project.tenant);
      await means.directory.batch([
        { sql: 'DELETE FROM tenants WHERE tenant = ?1', params: [project.tenant] },
      ]);
      return { kind: 'gone' };
  }
}

async function leasesOf(means: BackupMeans, { shard, tenant }: Surroundings['project']): Promise<number> {
  const sql =
    "SELECT COALESCE(counters ->> '$.lease', 0) + COALESCE(counters ->> '$.actions_lease', 0) + " +
    "COALESCE(counters ->> '$.tasks_lease', 0) AS leases FROM heads WHERE tenant = ?1";
  const [[head] = []] = await means.shard(shard).batch([{ sql, params: [tenant] }]);
  return Number(head?.leases ?? 0);
}

async function removeMachines({ hostedRunners }: BackupMeans, tenant: string): Promise<void> {
  if (hostedRunners === undefined) return;
  const removed = await hostedRunners.provider(tenant).removeApp(appName({ tenant }));
  if (!removed.ok) throw new Error(`the hosting provider keeps the machine: ${removed.trouble.code}`);
}
