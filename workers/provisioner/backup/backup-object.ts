import { DurableObject } from 'cloudflare:workers';
import type {
  Archive,
  AskedBy,
  BackupsView,
  Delete,
  ProjectAt,
  Restore,
  WorkView,
} from '@countersign/protocol/backup/backup-requests';
import { outdated } from '@countersign/protocol/backup/retention';
import { MANIFEST_FILE } from '@countersign/protocol/backup/snapshot-manifest';
import { log } from '@countersign/protocol/log/log';
import type { Told } from '@countersign/protocol/provisioning/provisioning-requests';
import { backupMeansOf } from '../backup-means-of.ts';
import { keepsBackups, type ProvisionerEnv } from '../settings.ts';
import { alarmOf, raise } from './alarms.ts';
import type { BackupMeans } from './backup-means.ts';
import { CannotReturn } from './bring-back.ts';
import {
  afterDone,
  afterFailed,
  endedLoginsOf,
  fresh,
  type Kept,
  lastDone,
  overdueAlarm,
  standing,
  viewOfAll,
} from './kept.ts';
import { type CommonOfWork, logFault, newSnapshotId, newWork } from './new-work.ts';
import { headOf, nameOwner, projectAt } from './project-at.ts';
import { isServed, setStatus, statusOf } from './project-status.ts';
import { refusalOfDelete } from './refuse-delete.ts';
import { refusalOfRestore } from './refuse-restore.ts';
import { busy, notFound, notKept, refused } from './refused.ts';
import { dueWork, isOverdue } from './schedule.ts';
import { keptOf } from './snapshot-view.ts';
import { folderOf, readSnapshot, removeSnapshot, shelfOf } from './stored-snapshots.ts';
import type { Surroundings } from './surroundings.ts';
import { freshSnapshot } from './take-snapshot.ts';
import { FRESH_RETURN, freshRestore, viewOf, type Work } from './work.ts';
import { nextPiece } from './work-pieces.ts';

const KEPT = 'kept';
/** How long one event works. */
const EVENT_MS = 15_000;
/** How soon somebody looks after an event that nobody ended. */
const AGAIN_MS = 60_000;
/** How soon a project is looked at that nobody has looked after before. */
const FIRST_LOOK_MS = 5_000;
const MOST_ATTEMPTS = 10;
const BACKOFF = { leastMs: 1_000, mostMs: 300_000 } as const;

/**
 * The copies of one tenant's record. One work at a time, a piece at a time, stored after each; the alarm is the engine,
 * and is armed before anything is begun: whoever wakes after a crash goes on.
 */
export class BackupObject extends DurableObject<ProvisionerEnv> {
  #isWorking = false;

  constructor(ctx: DurableObjectState, env: ProvisionerEnv) {
    super(ctx, env);
    // Whoever keeps the time may have forgotten it when the machine went down. Before anything else is heard, or it could
    // be put later than somebody has just put it.
    void ctx.blockConcurrencyWhile(async () => {
      const alarm = await ctx.storage.getAlarm();
      if (alarm !== null) await ctx.storage.setAlarm(Math.max(alarm, Date.now()));
    });
  }

  /** From now on the clock looks after this project. Repeated, it changes nothing. */
  async adopt(at: ProjectAt): Promise<void> {
    const known = await this.#known();
    if (known === undefined) await this.#store(fresh(at, Date.now()));
    if ((await this.ctx.storage.getAlarm()) === null)
      await this.ctx.storage.setAlarm(Date.now() + FIRST_LOOK_MS);
  }

  /** Where no copies are kept there is something to list only while a project is ended, or where that failed. */
  async list(at: ProjectAt): Promise<Told<BackupsView>> {
    const known = await this.#known();
    const isEnding = known?.work?.kind === 'delete' || known?.past[0]?.kind === 'delete';
    if (!keepsBackups(this.env) && !isEnding) return notKept();
    const kept = await this.#keptAt(at);
    const means = this.#means();
    return { ok: true, body: viewOfAll(means, kept, await shelfOf(means.store, at.tenant)) };
  }

  async take(at: ProjectAt): Promise<Told<WorkView>> {
    const snapshot_id = newSnapshotId();
    return this.#begin(at, (common) => ({
      ...common,
      kind: 'snapshot',
      snapshot_id,
      state: freshSnapshot(at.tenant, snapshot_id, 'demand'),
    }));
  }

  async prove(at: ProjectAt): Promise<Told<WorkView>> {
    const newest = standing(await this.#keptAt(at), await shelfOf(this.#means().store, at.tenant));
    if (newest === undefined) return refused('snapshot_not_found', 'there is no snapshot to prove yet');
    const { snapshot_id } = newest.manifest;
    return this.#begin(at, (common) => ({ ...common, kind: 'proof', snapshot_id, state: FRESH_RETURN }));
  }

  async verify(at: ProjectAt, snapshotId: string): Promise<Told<WorkView>> {
    if ((await readSnapshot(this.#means().store, at.tenant, snapshotId)) === undefined)
      return notFound(snapshotId);
    return this.#begin(at, (common) => ({ ...common, kind: 'verify', snapshot_id: snapshotId }));
  }

  async restore(at: ProjectAt, by: AskedBy, wish: Restore): Promise<Told<WorkView>> {
    const means = this.#means();
    const refusal = await refusalOfRestore(means, at, wish);
    if (refusal !== undefined) return refusal;
    const { endedLogins } = await this.#keptAt(at);
    await nameOwner(means, at, by);
    return this.#begin(at, (common) => ({ ...common, ...freshRestore(wish, by, endedLogins) }));
  }

  async archive(at: ProjectAt, by: AskedBy, { reason }: Archive): Promise<Told<WorkView>> {
    await nameOwner(this.#means(), at, by);
    const snapshot_id = newSnapshotId();
    return this.#begin(at, (common) => ({
      ...common,
      kind: 'archive',
      snapshot_id,
      phase: 'drain',
      reason,
      copy: null,
    }));
  }

  async reopen(at: ProjectAt): Promise<Told<{ status: string }>> {
    const kept = await this.#keptAt(at);
    if (kept.work !== null) return busy(kept.work);
    const means = this.#means();
    if ((await headOf(means, at)) === undefined)
      return refused('record_missing', 'the project has no record', 'restore a snapshot of it');
    await setStatus(means, at, 'active');
    return { ok: true, body: { status: 'active' } };
  }

  async end(at: ProjectAt, by: AskedBy, wish: Delete): Promise<Told<WorkView>> {
    const means = this.#means();
    const refusal = await refusalOfDelete(means, await projectAt(means, at), wish);
    if (refusal !== undefined) return { ok: false, refusal };
    await nameOwner(means, at, by);
    return this.#begin(at, (common) => ({ ...common, kind: 'delete', snapshot_id: '', phase: 'machines' }));
  }

  /** Whether a login was ended in a record that is gone, and that nobody else can ask. */
  async isLoginEnded(session: string): Promise<boolean> {
    const known = await this.#known();
    return known !== undefined && endedLoginsOf(known).includes(session);
  }

  async prune(at: ProjectAt): Promise<Told<{ removed: readonly string[] }>> {
    await this.#keptAt(at);
    return { ok: true, body: { removed: await this.#prune(at) } };
  }

  /** The bytes of a file of a snapshot, or of its manifest. */
  async read(at: ProjectAt, snapshotId: string, file: string): Promise<Told<{ bytes: Uint8Array }>> {
    const { store } = this.#means();
    const found = await readSnapshot(store, at.tenant, snapshotId);
    const isNamed =
      file === MANIFEST_FILE || found?.manifest.files.some(({ name }) => name === file) === true;
    const bytes = isNamed ? await store.get(`${folderOf(at.tenant, snapshotId)}${file}`) : undefined;
    if (found === undefined || bytes === undefined) return notFound(snapshotId);
    return { ok: true, body: { bytes } };
  }

  override async alarm(): Promise<void> {
    // Before anything else: should this end in the middle, somebody wakes again.
    await this.ctx.storage.setAlarm(Date.now() + AGAIN_MS);
    const next = await this.#work();
    if (next === null) await this.ctx.storage.deleteAlarm();
    else await this.ctx.storage.setAlarm(Math.max(next, Date.now()));
  }

  async #begin(at: ProjectAt, work: (common: CommonOfWork) => Work): Promise<Told<WorkView>> {
    const kept = await this.#keptAt(at);
    if (kept.work !== null) return busy(kept.work);
    const begun = work(newWork(Date.now()));
    await this.ctx.storage.setAlarm(Date.now());
    await this.#store({ ...kept, work: begun });
    return { ok: true, body: viewOf(begun, { state: 'going', endedAt: null, trouble: null }) };
  }

  /** Works until nothing is left to do, something must wait, or this event has worked long enough; when to go on. */
  async #work(): Promise<number | null> {
    if (this.#isWorking) return Date.now() + AGAIN_MS;
    this.#isWorking = true;
    try {
      const until = Date.now() + EVENT_MS;
      for (;;) {
        const at = await this.#step();
        if (at === null || at > Date.now() || Date.now() > until) return at;
      }
    } finally {
      this.#isWorking = false;
    }
  }

  /** One piece; when the next may follow. */
  async #step(): Promise<number | null> {
    const kept = await this.#known();
    if (kept === undefined) return null;
    const means = this.#means();
    const { work } = kept;
    if (work === null) return this.#lookAtClock(means, kept);
    try {
      const piece = await nextPiece(await this.#around(means, kept), work);
      switch (piece.kind) {
        case 'on':
          await this.#store({ ...kept, work: { ...piece.work, attempts: 0, trouble: null } });
          return Date.now();
        case 'wait':
          await this.#store({ ...kept, work: piece.work });
          return piece.until;
        case 'gone':
          await this.ctx.storage.deleteAll();
          return null;
        case 'done':
          await this.#done(kept, work);
          return Date.now();
        case 'failed':
          await this.#failed(means, kept, work, piece.trouble);
          return Date.now();
      }
    } catch (fault) {
      return this.#faulted(means, kept, work, fault);
    }
  }

  async #faulted(means: BackupMeans, kept: Kept, work: Work, fault: unknown): Promise<number> {
    const code = fault instanceof CannotReturn ? fault.code : 'fault';
    logFault(kept.at.tenant, work, fault);
    const attempts = work.attempts + 1;
    if (fault instanceof CannotReturn || attempts >= MOST_ATTEMPTS) {
      await this.#failed(means, kept, work, code);
      return Date.now();
    }
    await this.#store({ ...kept, work: { ...work, attempts, trouble: code } });
    return Date.now() + Math.min(BACKOFF.leastMs * 2 ** attempts, BACKOFF.mostMs);
  }

  /** Where the store cannot be seen, nothing can be said of what is due. */
  async #lookAtClock(means: BackupMeans, kept: Kept): Promise<number | null> {
    try {
      return await this.#byTheClock(means, kept.at);
    } catch (fault) {
      logFault(kept.at.tenant, { snapshot_id: '' }, fault);
      return Date.now() + BACKOFF.mostMs;
    }
  }

  async #byTheClock(means: BackupMeans, at: ProjectAt): Promise<number | null> {
    // Of a project that is put away there is nothing new to copy; whoever serves it again sets the alarm.
    if (!isServed(await statusOf(means, at))) return null;
    const shelf = await shelfOf(means.store, at.tenant);
    const now = Date.now();
    // Read after everything that takes time: meanwhile somebody may have begun something.
    const kept = await this.#known();
    if (kept === undefined || kept.work !== null) return now;
    const last = lastDone(kept, shelf);
    if (isOverdue(means.settings, last, now) && !kept.alarms.some(({ code }) => code === 'backup_overdue')) {
      await this.#store({ ...kept, alarms: raise(kept.alarms, overdueAlarm(now)) });
      return now;
    }
    if (now < kept.restUntil) return kept.restUntil;
    const due = dueWork(means.scratch === undefined ? withoutProofs(means) : means.settings, last, now);
    if (due.kind === 'later') return due.at;
    const common = newWork(now);
    const newest = standing(kept, shelf);
    if (due.kind === 'snapshot') {
      const snapshot_id = newSnapshotId();
      const state = freshSnapshot(kept.at.tenant, snapshot_id, 'schedule');
      await this.#store({ ...kept, work: { ...common, kind: 'snapshot', snapshot_id, state } });
    } else if (newest !== undefined) {
      const { snapshot_id } = newest.manifest;
      await this.#store({ ...kept, work: { ...common, kind: 'proof', snapshot_id, state: FRESH_RETURN } });
    }
    return now;
  }

  async #done(kept: Kept, work: Work): Promise<void> {
    await this.#store(afterDone(kept, work, Date.now()));
    if (work.kind === 'snapshot') await this.#prune(kept.at);
  }

  async #failed(means: BackupMeans, kept: Kept, work: Work, trouble: string): Promise<void> {
    const now = Date.now();
    const alarm = alarmOf(work, trouble, now);
    if (alarm?.code === 'record_broken') await means.record(kept.at.tenant).hold(kept.at, alarm.message);
    if (alarm !== undefined)
      log('backup.alarm', { tenant: kept.at.tenant, code: alarm.code, message: alarm.message });
    await this.#store(afterFailed(kept, work, { trouble, alarm, now }));
  }

  async #prune({ tenant }: ProjectAt): Promise<readonly string[]> {
    const { settings, store } = this.#means();
    const shelf = await shelfOf(store, tenant);
    const kept = await this.#known();
    const needed = kept === undefined ? undefined : standing(kept, shelf)?.manifest.snapshot_id;
    const known = keptOf(shelf, { underWay: kept?.work?.snapshot_id, needed });
    const removed = outdated(known, settings.keep, Date.now());
    for (const id of removed) await removeSnapshot(store, tenant, id);
    return removed;
  }

  async #around(means: BackupMeans, kept: Kept): Promise<Surroundings> {
    return {
      means,
      project: await projectAt(means, kept.at),
      before: async () => standing(kept, await shelfOf(means.store, kept.at.tenant)),
      newSnapshotId,
    };
  }

  #means(): BackupMeans {
    return backupMeansOf(this.env);
  }

  async #known(): Promise<Kept | undefined> {
    return this.ctx.storage.get<Kept>(KEPT);
  }

  async #keptAt(at: ProjectAt): Promise<Kept> {
    await this.adopt(at);
    const known = (await this.#known()) ?? fresh(at, Date.now());
    return { ...known, at };
  }

  async #store(kept: Kept): Promise<void> {
    await this.ctx.storage.put(KEPT, kept);
  }
}

function withoutProofs({ settings }: BackupMeans) {
  return { ...settings, proveEveryHours: null };
}
