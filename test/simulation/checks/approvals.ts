import type { ProposalRow } from '@countersign/durable-objects/tenant/schema';
import type { Submission } from '@countersign/durable-objects/tenant/turn/body';
import type { Placed } from '@countersign/durable-objects/tenant/turn/event';
import { checkFit } from '@countersign/protocol/contract/check-fit';
import type { Actor } from '@countersign/protocol/ledger';
import type { History, Violation } from '../history.ts';
import { LawAsOf } from './law-as-of.ts';
import { placedOf } from './placed.ts';

/** What is up for decision: the newest version of a proposal, and who has approved that. */
interface Version {
  readonly proposer: Actor;
  readonly digest: string;
  /** Undefined while nobody has seen the row. */
  readonly submission: Submission | undefined;
  readonly approvals: Approval[];
  isQuestioned: boolean;
}
type Approval = Extract<Placed, { type: 'proposal.approval_recorded' | 'proposal.approved' }>;

/**
 * An approval is of one version, under the contract that is in force then, by somebody who may; and nothing is
 * approved before everybody whom it takes has approved just that.
 */
export function checkApprovals({ entries, proposals }: History): Violation[] {
  const law = new LawAsOf();
  const versions = new Map<string, Version>();
  const violations: Violation[] = [];
  for (const entry of entries.map(placedOf)) {
    law.take(entry);
    const faults = follow(versions, entry, law);
    violations.push(...faults.map((fault) => ({ check: 'approvals', detail: `${entry.subject}: ${fault}` })));
  }
  const standing = proposals.flatMap((row) => {
    const faults = rowFaults(row, versions.get(row.proposal_id));
    return faults.map((fault) => ({ check: 'approvals', detail: `${row.proposal_id}: ${fault}` }));
  });
  return [...violations, ...standing];
}

/** What a row says is up for decision, and what counts for it. */
function rowFaults({ state, decisions, effect_digest }: ProposalRow, version: Version | undefined): string[] {
  const outdated = decisions.filter(
    (one) => one.verdict === 'approved' && one.effect_digest !== effect_digest,
  );
  const isOpenAgain = state === 'pending_review' && version?.isQuestioned === true;
  return [
    ...outdated.map(({ by }) => `the approval of ${by} counts, and is of another version`),
    ...(isOpenAgain ? ['is up for decision, and nobody has answered what was asked about it'] : []),
  ];
}

function follow(versions: Map<string, Version>, entry: Placed, law: LawAsOf): string[] {
  const before = versions.get(entry.subject);
  switch (entry.type) {
    case 'proposal.requested':
    case 'proposal.revised':
    case 'proposal.submitted':
      versions.set(entry.subject, {
        proposer: before?.proposer ?? entry.actor,
        digest: entry.body.effect_digest,
        submission: 'change_set' in entry.body ? entry.body : undefined,
        approvals: [],
        // A fresh look is no answer; another effect is.
        isQuestioned: entry.type === 'proposal.submitted' && before?.isQuestioned === true,
      });
      return 'change_set' in entry.body ? lawFaults(entry.body, law) : [];
    case 'proposal.sent_back':
    case 'proposal.answered':
      if (before !== undefined) before.isQuestioned = entry.type === 'proposal.sent_back';
      return [];
    case 'proposal.approval_recorded':
    case 'proposal.approved': {
      if (before?.submission === undefined) return ['was approved, and nobody had seen the row'];
      const faults = [
        ...effectFaults(before, before.submission, entry, law),
        ...(entry.actor.kind === 'policy'
          ? policyFaults(before.submission, law)
          : dutyFaults(before, entry, law)),
      ];
      before.approvals.push(entry);
      const isLast = entry.type === 'proposal.approved' && entry.actor.kind !== 'policy';
      return isLast ? [...faults, ...quorumFaults(before, before.submission, law)] : faults;
    }
    default:
      return [];
  }
}

/** Nothing is put up for decision but under the contract that is in force then. */
function lawFaults({ change_set, contract }: Submission, law: LawAsOf): string[] {
  const isInForce = contract !== null && law.inForce(change_set.action) === contract.digest;
  return isInForce ? [] : ['is proposed under a contract that is not in force'];
}

function effectFaults(version: Version, submission: Submission, entry: Approval, law: LawAsOf): string[] {
  const { change_set, contract } = submission;
  const faults: string[] = [];
  if (entry.body.effect_digest !== version.digest)
    faults.push(`${entry.seq} approves another version than the newest`);
  if (entry.at >= submission.expires_at) faults.push(`${entry.seq} approves what has expired`);
  if (version.isQuestioned) faults.push(`${entry.seq} approves what somebody asked about`);
  const inForce = law.inForce(change_set.action);
  const document = law.contract(inForce);
  if (inForce === undefined || document === undefined || inForce !== contract?.digest)
    return [...faults, `${entry.seq} approves under a contract that is not in force`];
  const refusal = checkFit(document, { digest: inForce }, change_set);
  return refusal === undefined ? faults : [...faults, `${entry.seq} approves what is ${refusal.code}`];
}

/** A contract leaves the decision to a policy, or it does not. */
function policyFaults({ change_set, contract }: Submission, law: LawAsOf): string[] {
  const approval = approvalIn(law, contract?.digest, change_set.action);
  return approval?.mode === 'policy' ? [] : ['a policy approved what is for people to decide'];
}

function approvalIn(law: LawAsOf, digest: string | undefined, capability: string) {
  return law.contract(digest)?.capabilities.find(({ name }) => name === capability)?.proposal?.approval;
}

function dutyFaults(
  { proposer, submission, approvals }: Version,
  { actor, body }: Approval,
  law: LawAsOf,
): string[] {
  const faults: string[] = [];
  if (actor.kind !== 'person') faults.push(`a ${actor.kind} approved`);
  if (actor.id === proposer.id) faults.push(`${actor.id} approved what they proposed`);
  if (actor.id.endsWith(` ${submission?.change_set.principal.id}`))
    faults.push(`${actor.id} approved what was proposed in their name`);
  if (approvals.some((other) => other.actor.id === actor.id)) faults.push(`${actor.id} approved twice`);
  const held = law.approvalRoles(actor.id);
  const claimed = body.approval_roles.filter((role) => !held.includes(role));
  return claimed.length === 0 ? faults : [...faults, `${actor.id} approved as ${claimed.join()}`];
}

/** By what the contract asks, the change set, and the entry itself, since policies may ask for more than both. */
function quorumFaults({ approvals }: Version, submission: Submission, law: LawAsOf): string[] {
  const { change_set, contract, requirements = [] } = submission;
  const asked = [approvalIn(law, contract?.digest, change_set.action), change_set.approval];
  const all = [
    ...requirements,
    ...asked.map((one) => ({ role: one?.required_role ?? null, approvals: one?.required_approvals ?? 1 })),
  ];
  return all.flatMap(({ role, approvals: needed }) => {
    const by = approvals.filter(({ body }) => role === null || body.approval_roles.includes(role));
    const people = new Set(by.map(({ actor }) => actor.id));
    return people.size >= needed ? [] : [`approved by ${people.size} of ${needed} ${role ?? 'people'}`];
  });
}
