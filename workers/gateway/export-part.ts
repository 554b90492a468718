import { createHash } from 'node:crypto';
import type { ExportPart } from '@countersign/durable-objects/tenant/exports/download-export';
import type { Address } from '@countersign/durable-objects/tenant/hold';
import type { Call } from '@countersign/durable-objects/tenant/turn/command';
import type { Reply } from '@countersign/durable-objects/tenant/turn/reply';
import { canonicalJson } from '@countersign/protocol/canonical-json';
import { Refused } from '@countersign/protocol/problem';
import { streamOf } from './export-stream.ts';
import type { HeldBody } from './held-claim.ts';
import type { GatewayEnv } from './settings.ts';
import { callTenant } from './tenant-calls.ts';

/**
 * A part of the record as a file: pages are read from the tenant as the client takes them, each under the caller's
 * credential as it then stands. The manifest at the end says that the file is whole.
 */
export async function exportPart(
  env: GatewayEnv,
  address: Address,
  { caller, requestId }: Pick<Call, 'caller' | 'requestId'>,
  exportId: string,
): Promise<Reply | HeldBody> {
  const ask = (after: number) =>
    callTenant(env, address, { caller, ask: { type: 'download-export', exportId, after }, key: null });
  const reply = await ask(0);
  if (!reply.ok) return reply;
  const readPart = async (after: number): Promise<ExportPart> => {
    const next = await ask(after);
    if (!next.ok) throw new Refused(next.refusal);
    return partIn(next);
  };
  return {
    stream: streamOf(partLines(exportId, partIn(reply), readPart), {
      tenant: address.tenant,
      request_id: requestId,
    }),
    type: 'application/x-ndjson',
    fileName: `${exportId}.jsonl`,
  };
}

/** The tenant's answer to `download-export` has this form. */
function partIn({ body }: Extract<Reply, { ok: true }>): ExportPart {
  return body as Pick<typeof body, 'ok'> as ExportPart & { readonly ok: true };
}

/** The texts of the file, a page's lines at a time. */
async function* partLines(
  exportId: string,
  first: ExportPart,
  readPart: (after: number) => Promise<ExportPart>,
): AsyncGenerator<string, void, undefined> {
  const hash = createHash('sha256');
  let count = 0;
  for (let part = first; ; part = await readPart(part.after)) {
    const text = part.entries.map((entry) => `${canonicalJson(entry)}\n`).join('');
    hash.update(text);
    count += part.entries.length;
    if (text !== '') yield text;
    if (part.after === null) break;
  }
  const manifest = { export_id: exportId, project_id: first.project_id, entries: count };
  yield `${canonicalJson({ manifest: { ...manifest, entries_digest: `sha256:${hash.digest('hex')}` } })}\n`;
}
