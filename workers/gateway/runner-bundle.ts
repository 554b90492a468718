import type { Address } from '@countersign/durable-objects/tenant/hold';
import type { Call } from '@countersign/durable-objects/tenant/turn/command';
import type { Reply } from '@countersign/durable-objects/tenant/turn/reply';
import { contractDocumentSchema } from '@countersign/protocol/contract/contract-document';
import { bundleFiles } from '@countersign/protocol/runner-bundle/bundle-files';
import { strToU8, zipSync } from 'fflate';
import * as z from 'zod';
import type { HeldBody } from './held-claim.ts';
import type { GatewayEnv } from './settings.ts';
import { callTenant } from './tenant-calls.ts';

/** What the tenant answers to `read-version` and to `read-source`. */
const versionAnswer = z.object({
  version: z.object({
    contract_id: z.string(),
    contract_version_id: z.string(),
    digest: z.string(),
    contract: contractDocumentSchema,
  }),
});
const sourceAnswer = z.object({
  source: z.object({ source_id: z.string(), engine: z.enum(['postgres', 'mysql']) }),
});

/** Stored, not packed: the files are small, and every reader of the format can read that. */
const STORED = { level: 0 } as const;

/**
 * The bundle of a runner for one version and one source, both read under the caller's credential. The same version and
 * source give other bytes each time: every download names a runner of its own.
 */
export async function runnerBundle(
  env: GatewayEnv,
  address: Address,
  call: Call,
  sourceId: string,
): Promise<Reply | HeldBody> {
  const read = await callTenant(env, address, call);
  if (!read.ok) return read;
  const found = await callTenant(env, address, { ...call, ask: { type: 'read-source', sourceId } });
  if (!found.ok) return found;
  const { version } = versionAnswer.parse(read.body);
  const { source } = sourceAnswer.parse(found.body);
  const files = bundleFiles({
    contract: version.contract,
    contractId: version.contract_id,
    versionId: version.contract_version_id,
    digest: version.digest,
    projectId: address.tenant,
    sourceId: source.source_id,
    engine: source.engine,
    runnerId: `runner_${crypto.randomUUID()}`,
  });
  const entries = Object.entries(files).map(([path, text]) => [path, strToU8(text)] as const);
  const bytes = zipSync(Object.fromEntries(entries), STORED);
  return {
    stream: new Blob([bytes]).stream(),
    type: 'application/zip',
    fileName: `${version.contract_version_id}.zip`,
  };
}
