import { downloadExport } from '../exports/download-export.ts';
import { readExport } from '../exports/read-export.ts';
import type { IndexAccess } from '../search/search-plan.ts';
import type { ActivityLook } from './activity-asks.ts';
import { listActivity } from './list-activity.ts';
import type { LookPlan } from './look.ts';
import { readActivity } from './read-activity.ts';

/** What is asked about the record in the words of existing tools. */
export function planOfActivity(tenant: string, look: ActivityLook, access: IndexAccess): LookPlan {
  switch (look.type) {
    case 'list-activity':
      return listActivity(tenant, look, access);
    case 'read-activity':
    case 'export-activity':
      return readActivity(tenant, look, access);
    case 'read-export':
      return readExport(tenant, look);
    case 'download-export':
      return downloadExport(tenant, look, access);
  }
}
