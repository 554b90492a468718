import type { TenantMade } from '@countersign/serve/tenant-commands';
import { facts } from '../output/table.ts';

/** A tenant that was made on this machine, or that there is room for now. */
export function tenantText({ label, owner, project_id, status }: TenantMade): string {
  return facts([
    ['project', project_id],
    ['label', label],
    ['owner', owner],
    ['status', status],
  ]);
}
