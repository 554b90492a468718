import { system } from '../access/identity.ts';
import type { InForce } from '../contracts/in-force.ts';
import { govern } from '../proposals/govern.ts';
import { refusedBy } from '../proposals/refuse-proposal.ts';
import type { ProposalRow } from '../schema.ts';
import type { ProposalRequest, RehearsalReported } from '../turn/body.ts';
import type { Draft } from '../turn/event.ts';
import type { World } from '../turn/world.ts';

/**
 * Nobody has seen the row. Policies decide whether the proposal goes on at all (`rehearsal.status`); where it does,
 * people may look at it, but there is no exact change that anyone could approve, a policy least of all.
 */
export function unrehearsed(
  world: World,
  row: ProposalRow,
  request: ProposalRequest,
  inForce: InForce,
  report: RehearsalReported | undefined,
  now: number,
): readonly Draft[] {
  const status = report?.status ?? 'missed';
  const facts = {
    capability: request.capability,
    operation: 'single_row_update',
    row_count: 1,
    args: request.args,
    before: {},
    after: {},
    patch: request.patch,
    agent: { id: row.proposer_id, name: request.agent },
    principal: request.principal,
    tenant_id: request.tenant_id,
    object_id: request.object_id === null ? null : String(request.object_id),
    source_id: request.source_id,
    contract: {
      name: inForce.contract.metadata?.name ?? inForce.reference.contract_id,
      version: inForce.label,
      digest: inForce.reference.digest,
    },
    rehearsal: { status },
    reason: request.reason,
    now,
  };
  const governed = govern(world, inForce, [facts]);
  if (governed.kind === 'refused') return [refusedBy(row, governed.cause)];
  const why =
    report === undefined
      ? 'no runner answered in time'
      : `a runner could not: ${report.error_code ?? status}`;
  const cause = {
    by: 'rehearsal',
    message: `nobody has seen the row yet: ${why}`,
    next: 'ask for a fresh look',
  };
  const body = { requirements: governed.requirements, cause };
  return [{ type: 'proposal.unrehearsed', actor: system.actor, subject: row.proposal_id, body }];
}
