import type { ActivityFilter } from '../queries/activity-filter.ts';

/** What can be asked in a turn about exports: to have one. */
export type ExportAsk = {
  readonly type: 'request-export';
  readonly format: 'jsonl';
  readonly filter: ActivityFilter;
};

/** What can be asked about one: what it is, and, a page at a time, what is in it. */
export type ExportLook =
  | { readonly type: 'read-export'; readonly exportId: string }
  | {
      readonly type: 'download-export';
      readonly exportId: string;
      /** The sequence that was looked at last. */
      readonly after: number;
    };
