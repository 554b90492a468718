import type { ActivityFilter } from '../queries/activity-filter.ts';

/** What is to be in an export: all that is recorded before it was asked for, as far as the filter wants it. */
export type ExportRequested = {
  readonly export_id: string;
  readonly format: 'jsonl';
  readonly filter: ActivityFilter;
  /** The last entry that belongs to it. */
  readonly through_seq: number;
  readonly name: string;
};

export type ExportEvent = { readonly type: 'export.requested'; readonly body: ExportRequested };

export function exportSubject(exportId: string): string {
  return `export/${exportId}`;
}
