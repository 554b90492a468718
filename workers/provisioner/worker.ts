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
import type {
  Owner,
  Progress,
  ProgressQuery,
  Provision,
  ProvisionerApi,
  Told,
} from '@countersign/protocol/provisioning/provisioning-requests';
import { adoptAll } from './backup/adopt-all.ts';
import type { BackupObject } from './backup/backup-object.ts';
import type { ProvisionerEnv } from './settings.ts';

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
    return this.#backups(at).take(at);
  }

  proveBackup(at: ProjectAt): Promise<Told<WorkView>> {
    return this.#backups(at).prove(at);
  }

  verifyBackup(at: ProjectAt, snapshotId: string): Promise<Told<WorkView>> {
    return this.#backups(at).verify(at, snapshotId);
  }

  restoreBackup(at: ProjectAt, by: AskedBy, wish: Restore): Promise<Told<WorkView>> {
    return this.#backups(at).restore(at, by, wish);
  }

  pruneBackups(at: ProjectAt): Promise<Told<{ readonly removed: readonly string[] }>> {
    return this.#backups(at).prune(at);
  }

  archiveProject(at: ProjectAt, by: AskedBy, wish: Archive): Promise<Told<WorkView>> {
    return this.#backups(at).archive(at, by, wish);
  }

  reopenProject(at: ProjectAt): Promise<Told<{ readonly status: string }>> {
    return this.#backups(at).reopen(at);
  }

  deleteProject(at: ProjectAt, wish: Delete): Promise<Told<WorkView>> {
    return this.#backups(at).end(at, wish);
  }

  readBackup(at: ProjectAt, snapshotId: string, file: string): Promise<Told<{ readonly bytes: Uint8Array }>> {
    return this.#backups(at).read(at, snapshotId, file);
  }

  /** By the clock: projects that nobody has looked after yet get somebody who does. */
  override async scheduled(): Promise<void> {
    await adoptAll(this.env, Date.now());
  }

  #backups({ tenant }: ProjectAt): DurableObjectStub<BackupObject> {
    return this.env.BACKUP.getByName(tenant);
  }
}
