import type { AgentContract, Capability } from '../contract-document.ts';
import type { Report } from '../contract-issues.ts';
import { subjectParts } from '../subject-of.ts';
import { checkApproval } from './check-approval.ts';
import { checkArguments } from './check-arguments.ts';
import { checkFields } from './check-fields.ts';
import { checkGuards } from './check-guards.ts';
import { checkOperation } from './check-operation.ts';
import { checkPatch } from './check-patch.ts';
import { checkReads } from './check-reads.ts';
import { checkSubject } from './check-subject.ts';
import { checkValueRules } from './check-value-rules.ts';
import type { Reviewed } from './reviewed-capability.ts';

/** Every rule about one capability, and about what it refers to. */
export function checkCapability(
  contract: AgentContract,
  capability: Capability,
  path: string,
  report: Report,
): void {
  const resource = contract.resources?.find(({ name }) => name === capability.subject.resource);
  const reviewed: Reviewed = {
    contract,
    capability,
    path,
    context: contract.contexts.find(({ name }) => name === capability.context),
    resource,
    subject: subjectParts(resource, capability.subject),
    report,
  };
  checkSubject(reviewed);
  checkArguments(reviewed);
  checkFields(reviewed);
  checkReads(reviewed);
  checkProposal(reviewed);
}

function checkProposal(reviewed: Reviewed): void {
  const { capability, path, report } = reviewed;
  const { proposal } = capability;
  if ((proposal !== undefined) !== (capability.kind === 'proposal')) {
    report(`${path}.proposal`, 'SECTION_UNFIT', 'stands in a capability of kind proposal, and in no other');
  }
  if (proposal === undefined) return;
  const subject = {
    ...reviewed,
    proposal,
    operation: proposal.operation?.kind ?? 'update',
    isSet: proposal.operation?.cardinality === 'set',
  };
  checkPatch(subject);
  checkValueRules(subject);
  checkGuards(subject);
  checkOperation(subject);
  checkApproval(subject);
}
