import type { ExportLook } from '../exports/export-asks.ts';
import type { ActivityFilter } from './activity-filter.ts';

/** What can be asked about the record in the words of existing tools (PROTOCOL 2.3): its chronology, and exports. */
export type ActivityLook =
  | {
      readonly type: 'list-activity';
      readonly filter: ActivityFilter;
      /** Any id that belongs to one proposal. */
      readonly lookup: string | null;
      readonly limit: number;
      readonly cursor: string | null;
    }
  | ReadActivity
  | ExportLook;

export interface ReadActivity {
  readonly type: 'read-activity' | 'export-activity';
  /** Of a proposal, an event, or anything else that belongs to a proposal. */
  readonly id: string;
}

export const activityLooks: Record<ActivityLook['type'], true> = {
  'list-activity': true,
  'read-activity': true,
  'export-activity': true,
  'read-export': true,
  'download-export': true,
};

export function isAboutActivity<Look extends { readonly type: string }>(
  look: Look,
): look is Look & ActivityLook {
  return Object.hasOwn(activityLooks, look.type);
}
