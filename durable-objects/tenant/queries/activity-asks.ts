/** Which events are wanted. */
export interface ActivityFilter {
  readonly status: string | null;
  readonly capability: string | null;
  readonly source: string | null;
  /** Unix milliseconds, both inclusive. */
  readonly from: number | null;
  readonly to: number | null;
}

/** What can be asked about the chronology of proposals, in the words of existing tools (PROTOCOL 2.3). */
export type ActivityLook =
  | {
      readonly type: 'list-activity';
      readonly filter: ActivityFilter;
      /** Any id that belongs to one proposal. */
      readonly lookup: string | null;
      readonly limit: number;
      readonly cursor: string | null;
    }
  | ReadActivity;

export interface ReadActivity {
  readonly type: 'read-activity' | 'export-activity';
  /** Of a proposal, an event, or anything else that belongs to a proposal. */
  readonly id: string;
}

const activityLooks: Record<ActivityLook['type'], true> = {
  'list-activity': true,
  'read-activity': true,
  'export-activity': true,
};

export function isAboutActivity<Look extends { readonly type: string }>(
  look: Look,
): look is Look & ActivityLook {
  return Object.hasOwn(activityLooks, look.type);
}
