import type { runPlaceSchema } from '@countersign/protocol/run/run-requests';
import * as z from 'zod';
import { type CallApi, path, type View, viewSchema } from './call-api.ts';
import type { CallOptions, WriteOptions } from './http.ts';

const requestedSchema = z.looseObject({
  proposal_id: z.string(),
  status: z.string(),
  effect_digest: z.string().nullish(),
  ledger_seq: z.number().nullish(),
});
export type RequestedProposal = z.infer<typeof requestedSchema>;

const capabilitiesSchema = z.looseObject({
  capabilities: z.array(z.looseObject({ name: z.string(), description: z.string().nullish() })),
});

export interface CapabilityRequest {
  readonly capability: string;
  readonly args: Readonly<Record<string, unknown>>;
  readonly reason?: string | undefined;
  readonly expires_in_seconds?: number | undefined;
  /** The run that it belongs to, and the steps that it follows. */
  readonly run?: z.input<typeof runPlaceSchema> | undefined;
}

/** Proposing by capability, and what passes between a proposer and a reviewer. Every method throws `ApiError`. */
export interface ReviewApi {
  capabilities(options?: CallOptions): Promise<z.infer<typeof capabilitiesSchema>>;
  request(request: CapabilityRequest, options?: WriteOptions): Promise<RequestedProposal>;
  /** Asks for a fresh look at the row. */
  look(proposalId: string, options?: WriteOptions): Promise<View>;
  sendBack(proposalId: string, question: string, options?: WriteOptions): Promise<View>;
  revise(
    proposalId: string,
    revision: { readonly args?: Readonly<Record<string, unknown>>; readonly answer?: string },
    options?: WriteOptions,
  ): Promise<View>;
}

export function createReviewApi({ get, post }: CallApi): ReviewApi {
  return {
    capabilities: (options) => get('/v1/capabilities', capabilitiesSchema, options),
    request: (request, options) => post('/v1/proposals', { ...request }, requestedSchema, options),
    look: (id, options) => post(path`/v1/proposals/${id}/look`, {}, viewSchema, options),
    sendBack: (id, question, options) =>
      post(path`/v1/proposals/${id}/send-back`, { question }, viewSchema, options),
    revise: (id, revision, options) =>
      post(path`/v1/proposals/${id}/revise`, { ...revision }, viewSchema, options),
  };
}
