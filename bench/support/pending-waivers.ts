import { ACME } from '../../scripts/stack/acme.ts';
import { CAPABILITIES } from '../../scripts/stack/acme-contract.ts';
import type { Cast } from '../../scripts/story/people.ts';
import { withConnections } from './http-connection.ts';
import { postJson } from './json-call.ts';

const AT_ONCE = 16;
const DIGITS = 5;

/** The invoice of such a number: none of them is in the database, since nobody decides about them. */
export function invoiceOf(place: number): string {
  return `INV-P${String(place).padStart(DIGITS, '0')}`;
}

/** Has waivers of late fees wait for a decision, from one number up to another, as a runner in the network sends them in. */
export async function addPending(cast: Cast, from: number, to: number): Promise<void> {
  const { contracts, stack } = cast;
  const [contract] = (await contracts.list({ limit: 1 })).contracts;
  if (contract === undefined) throw new Error('no contract is in force');
  const reference = {
    contract_id: contract.contract_id,
    contract_version_id: contract.active_version_id,
    digest: contract.digest,
  };
  const origin = new URL(stack.url);
  const asking = { host: origin.host, token: stack.secrets.runnerToken };
  const left = Array.from({ length: to - from }, (_, index) => from + index).reverse();
  await withConnections(origin, AT_ONCE, async (connections) => {
    await Promise.all(
      connections.map(async (connection) => {
        for (let place = left.pop(); place !== undefined; place = left.pop())
          await postJson(connection, asking, '/v1/runner/proposals', submission(place, reference));
      }),
    );
  });
}

function submission(place: number, contract: object) {
  const invoice = invoiceOf(place);
  const patch = { late_fee_cents: 0, waiver_reason: 'paid before our reminder' };
  return {
    schema_version: 'synapsor.runner-proposal.v1',
    runner_id: 'bench',
    source_id: ACME.source_id,
    contract,
    change_set: {
      schema_version: 'synapsor.change-set.v1',
      proposal_id: proposalIdOf(place),
      proposal_version: 1,
      action: CAPABILITIES.waive,
      mode: 'review_required',
      principal: { id: 'support_agent_17', source: 'trusted_session' },
      scope: { tenant_id: 'acme', business_object: 'invoices', object_id: invoice },
      source: {
        kind: 'external_postgres',
        source_id: ACME.source_id,
        schema: 'public',
        table: 'invoices',
        primary_key: { column: 'id', value: invoice },
      },
      before: { late_fee_cents: 5_500, waiver_reason: null },
      patch,
      after: patch,
      guards: {
        tenant: { column: 'tenant_id', value: 'acme' },
        allowed_columns: Object.keys(patch),
        expected_version: { column: 'version', value: 1 },
      },
      evidence: { bundle_id: 'evb_bench', query_fingerprint: 'bench', items: [] },
      approval: { status: 'pending' },
      writeback: { status: 'not_applied', mode: 'trusted_worker_required', executor: 'sql_update' },
      source_database_mutated: false,
      integrity: { proposal_hash: `sha256:${'a'.repeat(64)}` },
      created_at: new Date().toISOString(),
    },
  };
}

export function proposalIdOf(place: number): string {
  return `wrp_bench_${String(place).padStart(DIGITS, '0')}`;
}
