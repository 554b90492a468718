import { WorkerEntrypoint } from 'cloudflare:workers';
import type {
  Archive,
  AskedBy,
  BackupsView,
  Delete,
  ProjectAt,
  Restore,
  WorkView,
} from '@countersign/protocol/backup/backup-requests';
import type { Provision } from '@countersign/protocol/provisioning/provision-wish';
import type {
  Owner,
  Progress,
  ProgressQuery,
  ProvisionerApi,
  Told,
} from '@countersign/protocol/provisioning/provisioning-requests';
import { adoptAll } from './backup/adopt-all.ts';
import type { BackupObject } from './backup/backup-object.ts';
import { notKept } from './backup/refused.ts';
import { keepsBackups, type ProvisionerEnv } from './settings.ts';

export { BackupObject } from './backup/backup-object.ts';
export { SagaObject } from './saga/saga-object.ts';

/** Reached by the gateway's service binding alone, which has made sure who asks: it has no route, and no fetch. */
export default class Provisioner extends WorkerEntrypoint<ProvisionerEnv> implements ProvisionerApi {
  begin(owner: Owner, wish: Provision): Promise<Told<Progress>> {
    return this.env.SAGA.getByName(wish.label).begin(owner, wish);
  }

  look(owner: Owner, label: string, query: ProgressQuery): Promise<Told<Progress>> {
    return this.env.SAGA.getByName(label).look(owner, query);
  }

  listBackups(at: ProjectAt): Promise<Told<BackupsView>> {
    return this.#backups(at).list(at);
  }

  takeBackup(at: ProjectAt): Promise<Told<WorkView>> {
    return this.#ask(at, (backups) => backups.take(at));
  }

  proveBackup(at: ProjectAt): Promise<Told<WorkView>> {
    return this.#ask(at, (backups) => backups.prove(at));
  }

  verifyBackup(at: ProjectAt, snapshotId: string): Promise<Told<WorkView>> {
    return this.#ask(at, (backups) => backups.verify(at, snapshotId));
  }

  restoreBackup(at: ProjectAt, by: AskedBy, wish: Restore): Promise<Told<WorkView>> {
    return this.#ask(at, (backups) => backups.restore(at, by, wish));
  }

  pruneBackups(at: ProjectAt): Promise<Told<{ readonly removed: readonly string[] }>> {
    return this.#ask(at, (backups) => backups.prune(at));
  }

  archiveProject(at: ProjectAt, by: AskedBy, wish: Archive): Promise<Told<WorkView>> {
    return this.#ask(at, (backups) => backups.archive(at, by, wish));
  }

  reopenProject(at: ProjectAt): Promise<Told<{ readonly status: string }>> {
    return this.#ask(at, (backups) => backups.reopen(at));
  }

  /** Whoever keeps no copies can leave as well. */
  deleteProject(at: ProjectAt, by: AskedBy, wish: Delete): Promise<Told<WorkView>> {
    return this.#backups(at).end(at, by, wish);
  }

  isLoginEnded(at: ProjectAt, session: string): Promise<boolean> {
    return this.#backups(at).isLoginEnded(session);
  }

  readBackup(at: ProjectAt, snapshotId: string, file: string): Promise<Told<{ readonly bytes: Uint8Array }>> {
    return this.#ask(at, (backups) => backups.read(at, snapshotId, file));
  }

  /** By the clock: projects that nobody has looked after yet get somebody who does. */
  override async scheduled(): Promise<void> {
    if (keepsBackups(this.env)) await adoptAll(this.env, Date.now());
  }

  async #ask<Answer>(
    at: ProjectAt,
    ask: (backups: DurableObjectStub<BackupObject>) => Promise<Told<Answer>>,
  ): Promise<Told<Answer>> {
    return keepsBackups(this.env) ? ask(this.#backups(at)) : notKept();
  }

  #backups({ tenant }: ProjectAt): DurableObjectStub<BackupObject> {
    return this.env.BACKUP.getByName(tenant);
  }
}
