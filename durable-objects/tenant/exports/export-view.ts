import type { ExportRequested } from './export-body.ts';

/** An export as the API shows it. */
export function exportView(tenant: string, { filter, ...requested }: ExportRequested, at: number) {
  const { capability, from, source: source_id, status, to } = filter;
  const filters = { from_time: time(from), to_time: time(to), capability, status, source_id };
  return {
    export_id: requested.export_id,
    project_id: tenant,
    status: 'ready',
    format: requested.format,
    filters,
    through_seq: requested.through_seq,
    requested_by: requested.name,
    created_at: new Date(at).toISOString(),
  };
}

function time(at: number | null): string | null {
  return at === null ? null : new Date(at).toISOString();
}
