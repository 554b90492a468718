import type { ResultRequest } from '@countersign/protocol/job-requests';

/**
 * What a report of a later version says besides how the job ended: which rows, and their digests. The ledger keeps it; a
 * row of the store has no room for a hundred of them.
 */
export type ReportedEffects = {
  readonly effects?: { readonly [name: string]: unknown };
};

const names = [
  ...(['operation', 'receipt_authority', 'target_identity', 'target_identities', 'set_digest'] as const),
  ...(['member_effects', 'before_digest', 'after_digest', 'tombstone_digest'] as const),
];

export function effectsOf(request: ResultRequest): ReportedEffects {
  if (request.protocol_version === '1.0') return {};
  const said = new Map<string, unknown>(Object.entries(request));
  return {
    effects: Object.fromEntries(names.filter((name) => said.has(name)).map((name) => [name, said.get(name)])),
  };
}
