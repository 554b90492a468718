import { digest } from '@countersign/protocol/canonical-json';
import { buildChangeSet, missingFields } from '@countersign/protocol/contract/build-change-set';
import { checkTransitions } from '@countersign/protocol/contract/check-transitions';
import type { Refusal } from '@countersign/protocol/problem';
import type { Scalar } from '@countersign/protocol/values';
import { system } from '../access/identity.ts';
import { findInForce, type InForce } from '../contracts/in-force.ts';
import { approvedByPolicy } from '../proposals/approve-by-policy.ts';
import type { Cause } from '../proposals/cause.ts';
import { expireProposal } from '../proposals/expire-proposal.ts';
import { factsOf, govern } from '../proposals/govern.ts';
import { refusedBy } from '../proposals/refuse-proposal.ts';
import { decidesActions } from '../proposals/tied-action.ts';
import type { ProposalRow } from '../schema.ts';
import type { ProposalRequest, RehearsalReported, Submission } from '../turn/body.ts';
import type { Draft } from '../turn/event.ts';
import type { World } from '../turn/world.ts';
import { rehearsable } from './rehearsable.ts';
import { unrehearsed } from './unrehearsed.ts';

/**
 * How a proposal goes on once a rehearsal has ended; `report` is undefined where no runner answered in time. The
 * entries come after the one that says how it ended.
 */
export function afterRehearsal(
  world: World,
  row: ProposalRow,
  body: ProposalRequest | Submission,
  report: RehearsalReported | undefined,
  now: number,
): readonly Draft[] {
  // A look may outlast the time to decide: then nothing approves any more, a policy neither.
  if (row.expires_at <= now) return [expireProposal(row)];
  if ('change_set' in body) return afterFreshLook(world, row, body, report, now);
  const found = findInForce(world, body.capability);
  if (!found.ok || found.inForce.reference.digest !== body.contract.digest) {
    return [refusedBy(row, outOfForce(body.capability))];
  }
  const { inForce } = found;
  if (report?.status === 'row_not_found') return [refusedBy(row, noSuchRow(body))];
  if (report === undefined || !isWhole(inForce, body.patch, report))
    return unrehearsed(world, row, body, inForce, report, now);
  return submit(world, row, body, inForce, report, body.proposal_version, now);
}

/**
 * Whether what a runner saw makes an exact change: all visible fields, a version to guard by, and a row that the change
 * would leave as the patch says.
 */
function isWhole(
  { capability }: InForce,
  patch: ProposalRequest['patch'],
  report: RehearsalReported,
): boolean {
  const { status, before, after, version } = report;
  const isVersion = (typeof version === 'string' && version !== '') || Number.isSafeInteger(version);
  const isAsSaid = Object.entries(patch).every(([column, value]) => mayBe(value, after?.[column]));
  return status === 'done' && isVersion && isAsSaid && missingFields(capability, before ?? {}).length === 0;
}

/**
 * Whether a database that was given one value may tell it as the other. Texts it writes in its own way (decimals,
 * times), so only numbers and booleans that differ say for certain that it made something else of the change.
 */
function mayBe(given: Scalar, told: Scalar | undefined): boolean {
  if (typeof given === 'boolean') return typeof told !== 'boolean' || told === given;
  return typeof given !== 'number' || told === null || told === undefined || Number(told) === given;
}

/** Of a proposal that people look at already: what has drifted becomes a new version of what a capability was asked. */
function afterFreshLook(
  world: World,
  row: ProposalRow,
  submission: Submission,
  report: RehearsalReported | undefined,
  now: number,
): readonly Draft[] {
  const { requested, change_set } = submission;
  const hasDrifted = report?.status === 'done' && (report.drift ?? []).length > 0;
  const looked = rehearsable(change_set);
  if (!hasDrifted || requested == null || looked === undefined) return [];
  const found = findInForce(world, change_set.action);
  if (!found.ok || found.inForce.reference.digest !== submission.contract?.digest) return [];
  if (!isWhole(found.inForce, change_set.patch, report)) return [];
  const request: ProposalRequest = {
    proposal_id: row.proposal_id,
    proposal_version: row.version + 1,
    source_id: row.source_id,
    contract: found.inForce.reference,
    capability: change_set.action,
    args: requested.args,
    tenant_id: change_set.scope.tenant_id,
    principal: change_set.principal.id,
    object_id: looked.source.primary_key.value,
    patch: looked.patch,
    agent: requested.agent,
    effect_digest: submission.effect_digest,
    reason: submission.reason,
    expires_at: submission.expires_at,
    until: 0,
    ...(submission.traceparent === undefined ? {} : { traceparent: submission.traceparent }),
  };
  return submit(world, row, request, found.inForce, report, row.version + 1, now);
}

/** The exact change, now that the row has been seen; and what the law of the project says to it. */
function submit(
  world: World,
  row: ProposalRow,
  request: ProposalRequest,
  inForce: InForce,
  report: RehearsalReported,
  version: number,
  now: number,
): readonly Draft[] {
  const before = report.before ?? {};
  const refusal = checkTransitions(inForce.capability, before, request.patch);
  if (refusal !== undefined) return [refusedBy(row, causeOfRefusal(refusal))];
  const approval = inForce.capability.proposal?.approval;
  const changeSet = buildChangeSet({
    contract: inForce.contract,
    reference: inForce.reference,
    capability: inForce.capability,
    subject: inForce.subject,
    sourceId: row.source_id,
    engine: world.row('sources', row.source_id)?.engine ?? 'postgres',
    objectId: request.object_id,
    tenantId: request.tenant_id,
    principal: { id: request.principal, source: 'cloud_session' },
    before,
    version: report.version,
    patch: request.patch,
    proposalId: row.proposal_id,
    proposalVersion: version,
    createdAt: new Date(now).toISOString(),
    requirement: {
      role: approval?.required_role ?? null,
      approvals: approval?.required_approvals ?? 1,
    },
  });
  const proposer = {
    agent: { id: row.proposer_id, name: request.agent },
    args: request.args,
    reason: request.reason,
    sourceId: row.source_id,
    rehearsal: 'done',
  };
  const governed = govern(world, inForce, factsOf(inForce, changeSet, proposer, now));
  if (governed.kind === 'refused') return [refusedBy(row, governed.cause)];
  const { source_id, contract, expires_at, reason, args, agent, traceparent } = request;
  const { proposal_hash } = changeSet.integrity;
  const effect = { source_id, contract, proposal_hash, args, expires_at, proposal_version: version };
  const submission: Submission = {
    proposal_id: row.proposal_id,
    proposal_version: version,
    source_id,
    runner_id: null,
    contract,
    change_set: changeSet,
    effect_digest: digest(effect),
    reason,
    expires_at,
    evidence_metadata: null,
    query_audit: null,
    requirements: governed.requirements,
    cause: governed.kind === 'review' ? governed.cause : null,
    requested: { args, agent, rehearsal_seq: world.nextSeq },
    ...(traceparent === undefined ? {} : { traceparent }),
  };
  const entry: Draft = {
    type: 'proposal.submitted',
    actor: system.actor,
    subject: row.proposal_id,
    body: submission,
  };
  // Where somebody has asked, it is people who decide, once they have their answer; and a policy has judged no action.
  const isForPeople = row.state === 'changes_requested' || decidesActions(row);
  const isApproved = governed.kind === 'approved' && !isForPeople;
  return isApproved ? [entry, approvedByPolicy(submission, governed)] : [entry];
}

function causeOfRefusal({ code, message, next }: Refusal): Cause {
  return { by: 'contract', code, message, ...(next === undefined ? {} : { next }) };
}

function outOfForce(capability: string): Cause {
  return {
    by: 'contract',
    code: 'contract_not_active',
    message: `the contract of ${capability} that this was proposed under is in force no more`,
    next: 'propose again, under the version in force',
  };
}

function noSuchRow({ object_id, capability }: ProposalRequest): Cause {
  return {
    by: 'rehearsal',
    code: 'row_not_found',
    message: `within the tenant there is no row ${String(object_id)} for ${capability}`,
    next: 'name a row that is there',
  };
}
