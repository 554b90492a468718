import * as z from 'zod';
import { type CallApi, nextCursor, type Page, path, type View, viewSchema } from './call-api.ts';
import { type CallOptions, type Connection, stream, type WriteOptions } from './http.ts';

const text = z.string().nullish();

const eventSchema = z.looseObject({
  event_id: z.string(),
  event_type: z.string(),
  /** Of the proposal that it is about. */
  status: text,
  proposal_id: text,
  capability: text,
  recorded_at: text,
});
export type ActivityEvent = z.infer<typeof eventSchema>;
const eventsSchema = z.looseObject({ events: z.array(eventSchema), ...nextCursor });

const exportSchema = z.looseObject({
  export: z.looseObject({ export_id: z.string(), status: z.string(), through_seq: z.number() }),
});
export type AuditExport = z.infer<typeof exportSchema>;

/** Which part of the record is meant; times are RFC 3339. */
export interface RecordPart {
  readonly from_time?: string | undefined;
  readonly to_time?: string | undefined;
  readonly capability?: string | undefined;
  readonly status?: string | undefined;
  readonly source_id?: string | undefined;
}

/** The chronology of proposals, and parts of the record as files. Every method throws `ApiError`. */
export interface ActivityApi {
  /** Newest first; `lookup` is any id that belongs to one proposal. */
  list(
    wanted?: RecordPart & Page & { readonly lookup?: string | undefined },
    options?: CallOptions,
  ): Promise<z.infer<typeof eventsSchema>>;
  /** All about the proposal that an id belongs to, as it leaves the project, with a digest over it. */
  exported(id: string, options?: CallOptions): Promise<View>;
  /** Asks for a file; it is ready at once. */
  requestExport(part?: RecordPart, options?: WriteOptions): Promise<AuditExport>;
  readExport(exportId: string, options?: CallOptions): Promise<AuditExport>;
  /** The file, in pieces as they come. */
  download(exportId: string, options?: CallOptions): AsyncGenerator<Uint8Array>;
}

const EXPORTS = '/v1/control/audit-export';
/** How long a file may take to begin. */
const FILE_BEGINS_MS = 60_000;

export function createActivityApi(
  { get, post }: CallApi,
  connection: Connection,
  projectId: string,
): ActivityApi {
  const activity = path`/v1/control/projects/${projectId}/runner-activity`;
  return {
    list: (wanted = {}, options) => get(activity, eventsSchema, options, { ...wanted }),
    exported: (id, options) => get(`${activity}${path`/${id}/export`}`, viewSchema, options),
    requestExport: (filters = {}, options) => post(EXPORTS, { filters }, exportSchema, options),
    readExport: (id, options) => get(`${EXPORTS}${path`/${id}`}`, exportSchema, options),
    download: (id, options) =>
      stream(connection, {
        path: `${EXPORTS}${path`/${id}/download`}`,
        timeoutMs: FILE_BEGINS_MS,
        ...options,
      }),
  };
}
