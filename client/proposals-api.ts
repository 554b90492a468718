import { ledgerEntrySchema } from '@countersign/protocol/ledger-entry';
import type { DecisionRequest, ProposeRequest } from '@countersign/protocol/proposal-requests';
import * as z from 'zod';
import { type CallOptions, type Connection, call, type WriteOptions } from './http.ts';

const SPARE_MS = 15_000;

/** Views of the record are handed on as they came; a caller that needs more of one parses it. */
const viewSchema = z.looseObject({});
export type View = z.infer<typeof viewSchema>;

const proposalSchema = z.looseObject({ proposal_id: z.string(), status: z.string() });
export type ProposalView = z.infer<typeof proposalSchema>;

const proposalPageSchema = z.looseObject({
  proposals: z.array(proposalSchema),
  next_cursor: z.string().nullish(),
});
export type ProposalPage = z.infer<typeof proposalPageSchema>;

const ledgerPageSchema = z.looseObject({
  entries: z.array(ledgerEntrySchema),
  next_cursor: z.string().nullish(),
});
export type LedgerPage = z.infer<typeof ledgerPageSchema>;

export interface Page {
  readonly limit?: number | undefined;
  readonly cursor?: string | undefined;
}
export interface ProposalFilter extends Page {
  readonly status?: string | undefined;
  readonly job_status?: string | undefined;
  readonly source_id?: string | undefined;
}
export interface WaitOptions extends CallOptions {
  /** Hold the answer until something changes after ledger sequence `after`, this long at most. */
  readonly waitSeconds?: number | undefined;
  readonly after?: number | undefined;
}

/** What agents, people and operators may ask the control plane. Every method throws `ApiError`. */
export interface ProposalsApi {
  propose(request: ProposeRequest, options?: WriteOptions): Promise<ProposalView>;
  list(filter?: ProposalFilter, options?: CallOptions): Promise<ProposalPage>;
  read(proposalId: string, options?: WaitOptions): Promise<ProposalView>;
  approve(proposalId: string, decision?: DecisionRequest, options?: WriteOptions): Promise<View>;
  reject(proposalId: string, decision?: DecisionRequest, options?: WriteOptions): Promise<View>;
  cancel(proposalId: string, decision?: DecisionRequest, options?: WriteOptions): Promise<View>;
  replay(proposalId: string, options?: CallOptions): Promise<View>;
  requeue(jobId: string, reason?: string, options?: WriteOptions): Promise<View>;
  discard(jobId: string, reason?: string, options?: WriteOptions): Promise<View>;
  ledger(page?: Page, options?: CallOptions): Promise<LedgerPage>;
  engineHealth(options?: CallOptions): Promise<View>;
}

export function createProposalsApi(connection: Connection): ProposalsApi {
  const post = <Answer extends z.ZodType>(
    path: string,
    body: unknown,
    answer: Answer,
    options?: WriteOptions,
  ) => call(connection, { method: 'POST', path, body, answer, ...options });
  const get = <Answer extends z.ZodType>(path: string, answer: Answer, options?: CallOptions, query = {}) =>
    call(connection, { method: 'GET', path, query, answer, ...options });
  return {
    propose: (request, options) => post('/v1/proposals', request, proposalSchema, options),
    list: (filter = {}, options) => get('/v1/proposals', proposalPageSchema, options, { ...filter }),
    read: (proposalId, { waitSeconds = 0, after, signal } = {}) =>
      call(connection, {
        method: 'GET',
        path: proposalPath(proposalId),
        query: { wait_seconds: waitSeconds === 0 ? undefined : waitSeconds, after },
        timeoutMs: waitSeconds * 1_000 + SPARE_MS,
        answer: proposalSchema,
        signal,
      }),
    approve: (id, decision = {}, options) =>
      post(proposalPath(id, '/approve'), decision, viewSchema, options),
    reject: (id, decision = {}, options) => post(proposalPath(id, '/reject'), decision, viewSchema, options),
    cancel: (id, decision = {}, options) => post(proposalPath(id, '/cancel'), decision, viewSchema, options),
    replay: (id, options) => get(proposalPath(id, '/replay'), viewSchema, options),
    requeue: (jobId, reason, options) => post(jobPath(jobId, 'requeue'), { reason }, viewSchema, options),
    discard: (jobId, reason, options) => post(jobPath(jobId, 'discard'), { reason }, viewSchema, options),
    ledger: (page = {}, options) => get('/v1/ledger', ledgerPageSchema, options, { ...page }),
    engineHealth: (options) => get('/v1/engine/health', viewSchema, options),
  };
}

function proposalPath(proposalId: string, rest = ''): string {
  return `/v1/proposals/${encodeURIComponent(proposalId)}${rest}`;
}

function jobPath(jobId: string, verb: string): string {
  return `/v1/jobs/${encodeURIComponent(jobId)}/${verb}`;
}
