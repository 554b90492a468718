import type { ActionContract } from '@countersign/protocol/action/action-contract';
import type { Capability } from '@countersign/protocol/contract/contract-document';
import type { Decision } from './decision.ts';

/** So many different people, who hold this approval role where one is named, must approve. */
export interface Requirement {
  readonly role: string | null;
  readonly approvals: number;
}

/** What a contract itself asks for a change by one of its capabilities. */
export function requirementOf({ proposal }: Capability): Requirement {
  const { required_role = null, required_approvals = 1 } = proposal?.approval ?? {};
  return { role: required_role, approvals: required_approvals };
}

/** The same for an action. */
export function requirementOfAction({ approval }: ActionContract): Requirement {
  return { role: approval.required_role ?? null, approvals: approval.required_approvals ?? 1 };
}

/** Who is still missing for a requirement. */
export interface Standing extends Requirement {
  readonly given: number;
  /** Names of those whose approval counts for it. */
  readonly by: readonly string[];
}

/**
 * All requirements in one list: the highest number of each role. What anyone may give is covered by a named role that
 * asks for as many.
 */
export function combineRequirements(...lists: readonly (readonly Requirement[])[]): Requirement[] {
  const most = new Map<string | null, number>();
  for (const { role, approvals } of lists.flat()) most.set(role, Math.max(most.get(role) ?? 0, approvals));
  const named = [...most].filter(([role]) => role !== null);
  const ofAnyone = most.get(null);
  const isCovered = ofAnyone !== undefined && named.some(([, approvals]) => approvals >= ofAnyone);
  const all = [...most]
    .filter(([role]) => role !== null || !isCovered)
    .map(([role, approvals]) => ({ role, approvals }));
  return all.length === 0 ? [{ role: null, approvals: 1 }] : all.toSorted(byRole);
}

/** How each requirement stands. A person counts once for each that they fulfil. */
export function standingOf(
  requirements: readonly Requirement[],
  decisions: readonly Decision[],
): readonly Standing[] {
  const approvals = decisions.filter(({ verdict }) => verdict === 'approved');
  // Rows older than requirements have none, and one approval of anyone is the least there is.
  const all = requirements.length === 0 ? [{ role: null, approvals: 1 }] : requirements;
  return all.map(({ role, approvals: needed }) => {
    const counting = approvals.filter((one) => role === null || (one.approval_roles ?? []).includes(role));
    return { role, approvals: needed, given: counting.length, by: counting.map(({ name }) => name) };
  });
}

export function isFulfilled(standings: readonly Standing[]): boolean {
  return standings.every(({ approvals, given }) => given >= approvals);
}

/** How many approvals are missing at least. */
export function missingOf(standings: readonly Standing[]): number {
  return Math.max(0, ...standings.map(({ approvals, given }) => approvals - given));
}

function byRole(a: Requirement, b: Requirement): number {
  return (a.role ?? '') < (b.role ?? '') ? -1 : 1;
}
