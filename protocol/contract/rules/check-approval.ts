import type { ContractPolicy } from '../contract-document.ts';
import { own } from '../own.ts';
import { patchSource, rangeOf } from './patch-source.ts';
import type { ReviewedProposal } from './reviewed-capability.ts';

/** Who decides: a person, or a policy within what the capability can propose at all. */
export function checkApproval(reviewed: ReviewedProposal): void {
  const { proposal, contract, path, report } = reviewed;
  const { mode, policy: name, required_role } = proposal.approval ?? {};
  const place = `${path}.proposal.approval`;
  checkMode(reviewed);
  if (mode !== 'policy') {
    if (name !== undefined)
      report(`${place}.policy`, 'APPROVAL_POLICY_UNFIT', 'goes with the mode policy only');
    return;
  }
  if (required_role === undefined) {
    report(
      `${place}.required_role`,
      'APPROVAL_ROLE_REQUIRED',
      'must say who decides what the policy does not',
    );
  }
  if (name === undefined) {
    report(`${place}.policy`, 'APPROVAL_POLICY_UNFIT', 'the mode policy must name one');
    return;
  }
  const policy = contract.policies?.find((candidate) => candidate.name === name);
  if (policy === undefined) {
    report(`${place}.policy`, 'UNKNOWN_APPROVAL_POLICY', `no policy is called ${name}`);
  } else if (policy.kind !== 'approval') {
    report(`${place}.policy`, 'APPROVAL_POLICY_UNFIT', `${name} is of kind ${policy.kind}, not approval`);
  } else {
    checkRules(reviewed, policy, `${place}.policy`);
  }
}

function checkMode({ proposal, operation, isSet, path, report }: ReviewedProposal): void {
  const mode = proposal.approval?.mode;
  const isByPerson = mode === 'human' || mode === 'operator';
  // The writeback may be left away, and a delete is no safer for it.
  const isDelete = operation === 'delete' && (proposal.writeback?.mode ?? 'direct_sql') === 'direct_sql';
  if (isByPerson || !(isDelete || isSet || proposal.reversibility !== undefined)) return;
  report(
    `${path}.proposal.approval.mode`,
    'APPROVAL_MODE_UNFIT',
    'a set, a delete or a reversible change is decided by people: the mode must be human or operator',
  );
}

function checkRules(reviewed: ReviewedProposal, policy: ContractPolicy, place: string): void {
  const { report } = reviewed;
  for (const field of fieldsOf(policy)) {
    if (!isNumeric(reviewed, field)) {
      const message = `${policy.name} speaks of ${field}, which is no number that this capability sets`;
      report(place, 'APPROVAL_POLICY_FIELD_NOT_NUMERIC', message);
    } else if (isOpenBelow(reviewed, field)) {
      const message = `${policy.name} would approve any negative ${field}: give it a minimum in numeric_bounds`;
      report(place, 'NUMERIC_BOUND_ONE_SIDED', message);
    }
  }
  for (const { field, max } of policy.rules ?? []) {
    const maximum = own(reviewed.proposal.numeric_bounds ?? {}, field)?.maximum;
    if (maximum !== undefined && max > maximum) {
      const message = `${policy.name} goes up to ${max}, but ${field} cannot exceed ${maximum}`;
      report(place, 'APPROVAL_POLICY_MAX_EXCEEDS_BOUND', message);
    }
  }
}

function fieldsOf({ rules, limits }: ContractPolicy): Set<string> {
  const fields = [...(rules ?? []), ...(limits ?? [])].map(({ field }) => field);
  return new Set(fields.filter((field) => field !== undefined));
}

function isNumeric(reviewed: ReviewedProposal, column: string): boolean {
  const source = patchSource(reviewed, column);
  if (source === undefined) return false;
  return 'fixed' in source ? Number.isInteger(source.fixed) : source.spec.type === 'number';
}

function isOpenBelow(reviewed: ReviewedProposal, column: string): boolean {
  const source = patchSource(reviewed, column);
  // One with a maximum is reported where that stands.
  const { minimum, maximum } = rangeOf(reviewed, column);
  return source !== undefined && 'spec' in source && minimum === undefined && maximum === undefined;
}
