import { DurableObject } from 'cloudflare:workers';
import type {
  AskedBy,
  BackupsView,
  ProjectAt,
  Restore,
  WorkView,
} from '@countersign/protocol/backup/backup-requests';
import { outdated } from '@countersign/protocol/backup/retention';
import { MANIFEST_FILE } from '@countersign/protocol/backup/snapshot-manifest';
import type { Refusal } from '@countersign/protocol/problem';
import type { Told } from '@countersign/protocol/provisioning/provisioning-requests';
import { backupMeansOf } from '../backup-means-of.ts';
import type { ProvisionerEnv } from '../settings.ts';
import { sortableId } from '../sortable-id.ts';
import { alarmOf, endedBy, quiet, raise } from './alarms.ts';
import type { BackupMeans } from './backup-means.ts';
import { CannotReturn } from './bring-back.ts';
import { before, fresh, type Kept, lastDone, overdueAlarm, viewOfAll } from './kept.ts';
import { nameOwner, projectAt } from './project-at.ts';
import { dueWork, isOverdue } from './schedule.ts';
import { keptOf } from './snapshot-view.ts';
import { folderOf, newestGood, readSnapshot, removeSnapshot, shelfOf } from './stored-snapshots.ts';
import { freshSnapshot } from './take-snapshot.ts';
import { FRESH_RETURN, viewOf, type Work } from './work.ts';
import { nextPiece, type Surroundings } from './work-pieces.ts';

const KEPT = 'kept';
/** How long one event works. */
const EVENT_MS = 15_000;
/** How soon somebody looks after an event that nobody ended. */
const AGAIN_MS = 60_000;
const MOST_ATTEMPTS = 10;
const MOST_PAST = 20;
const BACKOFF = { leastMs: 1_000, mostMs: 300_000 } as const;
const REST_MS = 3_600_000;

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
    if ((await this.ctx.storage.getAlarm()) === null) await this.ctx.storage.setAlarm(Date.now() + AGAIN_MS);
  }

  async list(at: ProjectAt): Promise<Told<BackupsView>> {
    const kept = await this.#keptAt(at);
    const means = this.#means();
    const { snapshots } = await shelfOf(means.store, at.tenant);
    return { ok: true, body: viewOfAll(means, kept, snapshots) };
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
    const newest = newestGood((await shelfOf(this.#means().store, at.tenant)).snapshots);
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
    const { snapshot_id } = wish;
    if ((await readSnapshot(means.store, at.tenant, snapshot_id)) === undefined) return notFound(snapshot_id);
    const { label } = await projectAt(means, at);
    const sql = 'SELECT seq FROM heads WHERE tenant = ?1';
    const [[head] = []] = await means.shard(at.shard).batch([{ sql, params: [at.tenant] }]);
    if (head !== undefined && wish.over !== label) {
      const message = `the project has a record of ${head.seq} entries, and it would be replaced`;
      return refused('record_exists', message, `say over: "${label}"; what is there now is set aside first`);
    }
    await nameOwner(means, at, by);
    return this.#begin(at, (common) => ({
      ...common,
      kind: 'restore',
      snapshot_id,
      phase: 'check',
      by,
      reason: wish.reason,
      kept: null,
      state: FRESH_RETURN,
    }));
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
    if (kept.work !== null) {
      const { kind, snapshot_id } = kept.work;
      return refused(
        'backup_busy',
        `a ${kind} is under way (${snapshot_id})`,
        'one thing at a time: ask again when it is over',
      );
    }
    const begun = work({
      work_id: `bkp_${sortableId(Date.now())}`,
      begunAt: Date.now(),
      attempts: 0,
      trouble: null,
    });
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
      return await this.#byTheClock(means, kept);
    } catch (fault) {
      logFault(kept.at.tenant, { kind: 'clock', snapshot_id: null }, fault);
      return Date.now() + BACKOFF.mostMs;
    }
  }

  async #byTheClock(means: BackupMeans, kept: Kept): Promise<number | null> {
    const now = Date.now();
    const { snapshots } = await shelfOf(means.store, kept.at.tenant);
    const last = lastDone(kept, snapshots);
    if (isOverdue(means.settings, last, now) && !kept.alarms.some(({ code }) => code === 'backup_overdue')) {
      await this.#store({ ...kept, alarms: raise(kept.alarms, overdueAlarm(now)) });
      return now;
    }
    if (now < kept.restUntil) return kept.restUntil;
    const due = dueWork(means.scratch === undefined ? withoutProofs(means) : means.settings, last, now);
    if (due.kind === 'later') return due.at;
    const common = { work_id: `bkp_${sortableId(now)}`, begunAt: now, attempts: 0, trouble: null };
    const newest = newestGood(snapshots);
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
    const now = Date.now();
    const at = new Date(now).toISOString();
    const { kind, snapshot_id } = work;
    const ended = viewOf(work, { state: 'done', endedAt: now, trouble: null });
    const proof = kind === 'proof' ? { at, snapshot_id, took_ms: now - work.begunAt } : kept.proof;
    const proven = kind === 'proof' ? { ...kept.proven, [snapshot_id]: at } : kept.proven;
    const line = kind === 'restore' ? { snapshotId: snapshot_id, since: now } : kept.line;
    const alarms = quiet(kept.alarms, endedBy(kind));
    const past = [ended, ...kept.past].slice(0, MOST_PAST);
    await this.#store({ ...kept, work: null, past, proof, proven, line, alarms });
    if (kind === 'snapshot') await this.#prune(kept.at);
  }

  async #failed(means: BackupMeans, kept: Kept, work: Work, trouble: string): Promise<void> {
    const now = Date.now();
    const ended = viewOf(work, { state: 'failed', endedAt: now, trouble });
    const alarm = alarmOf(work, trouble, now);
    if (alarm?.code === 'record_broken') await means.record(kept.at.tenant).hold(kept.at, alarm.message);
    const alarms = alarm === undefined ? kept.alarms : raise(kept.alarms, alarm);
    const past = [ended, ...kept.past].slice(0, MOST_PAST);
    await this.#store({ ...kept, work: null, past, alarms, restUntil: now + REST_MS });
  }

  async #prune({ tenant }: ProjectAt): Promise<readonly string[]> {
    const { settings, store } = this.#means();
    const shelf = await shelfOf(store, tenant);
    const known = await this.#known();
    const removed = outdated(keptOf(shelf, known?.work?.snapshot_id), settings.keep, Date.now());
    for (const id of removed) await removeSnapshot(store, tenant, id);
    return removed;
  }

  async #around(means: BackupMeans, kept: Kept): Promise<Surroundings> {
    return {
      means,
      project: await projectAt(means, kept.at),
      before: async () => before(kept, await shelfOf(means.store, kept.at.tenant)),
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

type CommonOfWork = Pick<Work, 'work_id' | 'begunAt' | 'attempts' | 'trouble'>;

function newSnapshotId(): string {
  return `snp_${sortableId(Date.now())}`;
}

function withoutProofs({ settings }: BackupMeans) {
  return { ...settings, proveEveryHours: null };
}

function notFound(snapshotId: string): Told<never> {
  return refused('snapshot_not_found', `there is no snapshot ${snapshotId}`);
}

function refused(code: Refusal['code'], message: string, next?: string): Told<never> {
  return { ok: false, refusal: { code, message, ...(next === undefined ? {} : { next }) } };
}

function logFault(
  tenant: string,
  {
    kind,
    snapshot_id,
  }: Pick<Work, 'kind' | 'snapshot_id'> | { readonly kind: 'clock'; readonly snapshot_id: null },
  fault: unknown,
): void {
  const error = fault instanceof Error ? `${fault.name}: ${fault.message}` : 'unknown';
  console.error(JSON.stringify({ level: 'error', event: 'backup_fault', tenant, kind, snapshot_id, error }));
}
