import type { WireBody } from '../../support/http.ts';
import type { TestTenant } from '../../support/tenant.ts';
import type { Dump, Intent, ProposalDump } from '../checks/dump.ts';
import type { Shop } from '../world/shop.ts';
import { readAll } from './asking.ts';

/** Reads everything that a campaign left, each from where it lies. */
export async function readDump(
  tenant: TestTenant,
  shops: readonly Shop[],
  intents: readonly Intent[],
): Promise<Dump> {
  const databases = await Promise.all(shops.map((shop) => shop.dump()));
  const proposals = await readAll(tenant.olivia, '/v1/proposals', ({ body }) => body.proposals);
  const ledger = await readAll(tenant.olivia, '/v1/ledger', ({ body }) => body.entries);
  return { tenant: tenant.project, intents, databases, proposals: proposals.map(proposalDump), ledger };
}

function proposalDump(body: WireBody): ProposalDump {
  const { job, result }: { readonly job?: unknown; readonly result?: unknown } = body;
  return {
    proposalId: String(body.proposal_id),
    hash: String(body.proposal_hash),
    status: String(body.status),
    job: isObject(job)
      ? { status: String(job.status), leaseExpiresAt: textOrNull(job.lease_expires_at) }
      : null,
    result: isObject(result)
      ? {
          status: String(result.status),
          hash: textOrNull(result.result_hash),
          version: textOrNull(result.result_version),
          errorCode: textOrNull(result.error_code),
          hasDiscrepancy: result.discrepancy !== null,
        }
      : null,
  };
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null;
}

function textOrNull(value: unknown): string | null {
  return typeof value === 'string' ? value : null;
}
