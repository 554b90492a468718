import type { Address } from '@countersign/durable-objects/tenant/hold';
import type { ExportPage } from '@countersign/durable-objects/tenant/queries/export-ledger';
import type { Call } from '@countersign/durable-objects/tenant/turn/command';
import type { Reply } from '@countersign/durable-objects/tenant/turn/reply';
import { Refused } from '@countersign/protocol/problem';
import { exportLines, type ReadPage } from './export-lines.ts';
import { streamOf } from './export-stream.ts';
import type { HeldBody } from './held-claim.ts';
import type { GatewayEnv } from './settings.ts';
import { callTenant } from './tenant-calls.ts';

/**
 * The record, or what happened to one proposal, as a file: pages are read from the tenant as the client takes them,
 * each under the caller's credential as it then stands. A fault in the middle breaks the answer off before the
 * manifest, by which a file is known to be whole.
 */
export async function exportLedger(
  env: GatewayEnv,
  address: Address,
  { caller, requestId }: Pick<Call, 'caller' | 'requestId'>,
  proposalId: string | null,
): Promise<Reply | HeldBody> {
  const ask = (after: number, through: number | null) =>
    callTenant(env, address, {
      caller,
      ask: { type: 'export-ledger', proposalId, after, through },
      key: null,
    });
  const reply = await ask(0, null);
  if (!reply.ok) return reply;
  const readPage: ReadPage = async (after, through) => {
    const next = await ask(after, through);
    if (!next.ok) throw new Refused(next.refusal);
    return pageIn(next);
  };
  const { tenant } = address;
  const scope =
    proposalId === null
      ? ({ project_id: tenant, scope: 'whole' } as const)
      : ({ project_id: tenant, scope: 'proposal', subject: proposalId } as const);
  const lines = exportLines(scope, pageIn(reply), readPage, new Date().toISOString());
  return {
    stream: streamOf(lines, { tenant, request_id: requestId }),
    type: 'application/x-ndjson',
    fileName: `${proposalId ?? `${tenant}-ledger`}.ndjson`,
  };
}

/** The tenant's answer to `export-ledger` has this form. */
function pageIn({ body }: Extract<Reply, { ok: true }>): ExportPage {
  return body as Pick<typeof body, 'ok'> as ExportPage & { readonly ok: true };
}
