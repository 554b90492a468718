import type { Caller } from '@countersign/durable-objects/tenant/turn/command';
import type { BackupApi, ProjectAt } from '@countersign/protocol/backup/backup-requests';
import type { Told } from '@countersign/protocol/provisioning/provisioning-requests';

/** Who asks the provisioner for something, as its record will say. */
export interface Asker {
  /** `<kind>:<id>` */
  readonly by: string;
  readonly name: string;
}

/** What is asked of the provisioner, once it is sure that the caller may. */
export type AskBackups = (provisioner: BackupApi, at: ProjectAt, asker: Asker) => Promise<Told<object>>;

export function askerOf(caller: Caller): Asker {
  switch (caller.kind) {
    case 'person':
      return { by: `person:${caller.person}`, name: caller.person };
    case 'system':
      return { by: 'system:gateway', name: 'Countersign' };
    default:
      return { by: `${caller.kind}:${caller.credentialId}`, name: caller.credentialId };
  }
}
