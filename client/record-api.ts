import * as z from 'zod';
import { type CallApi, nextCursor, type Page, path, type View, viewSchema } from './call-api.ts';
import { type CallOptions, type Connection, stream } from './http.ts';

const searchSchema = z.looseObject({
  results: z.array(viewSchema),
  /** Whether everything that is recorded has been looked through. */
  is_complete: z.boolean().nullish(),
  ...nextCursor,
});
export type SearchPage = z.infer<typeof searchSchema>;

const entriesSchema = z.looseObject({ entries: z.array(viewSchema), ...nextCursor });
export type EntryPage = z.infer<typeof entriesSchema>;

export interface Search extends Page {
  readonly q: string;
  readonly kind?: string | undefined;
}

/** What can be looked up and taken away as proof. Every method throws `ApiError`. */
export interface RecordApi {
  /** Everything about whatever has this id: a proposal, job, receipt or piece of evidence. */
  replay(handle: string, options?: CallOptions): Promise<View>;
  /** What was read for a proposal, and by which queries. */
  evidence(proposalId: string, options?: CallOptions): Promise<View>;
  /** Entries of the ledger after this sequence, in order. */
  entries(after: number, limit: number, options?: CallOptions): Promise<EntryPage>;
  search(search: Search, options?: CallOptions): Promise<SearchPage>;
  /** The export (see protocol/ledger-export.ts) of all, or of one proposal, in pieces as they come. */
  exportLedger(proposalId?: string, options?: CallOptions): AsyncGenerator<Uint8Array>;
}

/** How long an export may take to begin. */
const EXPORT_BEGINS_MS = 60_000;

export function createRecordApi({ get }: CallApi, connection: Connection): RecordApi {
  return {
    replay: (handle, options) => get(path`/v1/replay/${handle}`, viewSchema, options),
    evidence: (id, options) => get(path`/v1/proposals/${id}/evidence`, viewSchema, options),
    entries: (after, limit, options) =>
      get('/v1/ledger', entriesSchema, options, { cursor: String(after), limit }),
    search: (search, options) => get('/v1/search', searchSchema, options, { ...search }),
    exportLedger: (proposalId, options) =>
      stream(connection, {
        path: proposalId === undefined ? '/v1/ledger/export' : path`/v1/proposals/${proposalId}/export`,
        timeoutMs: EXPORT_BEGINS_MS,
        ...options,
      }),
  };
}
