import type { Refusal } from '@countersign/protocol/problem';
import type { Requirement } from './compiled-policy.ts';

/** A member, as far as it matters for who may approve. */
export interface Member {
  readonly person: string;
  readonly roles: readonly string[];
  readonly approvalRoles: readonly string[];
  readonly status: string;
}

const approving = ['owner', 'admin', 'approver'];

/** What an issuer's claim makes of whoever comes with it: nobody knows how many that are. */
export type Claimed = Pick<Member, 'roles' | 'approvalRoles'>;

/**
 * Undefined where the members could satisfy every requirement, each on its own: one approval counts for all the
 * roles that its person holds. Whoever proposes cannot approve, so with no one to spare it may still have to wait.
 */
export function whoCouldSatisfy(
  requirements: readonly Requirement[],
  roster: readonly Member[],
  claimed: readonly Claimed[],
): Refusal | undefined {
  const missing = requirements.flatMap(({ role, approvals }) => {
    if (claimed.some((one) => mayApprove(one, role))) return [];
    const able = peopleWith(role, roster);
    return able >= approvals ? [] : [`${approvals} with ${roleText(role)}, and there ${isOrAre(able)}`];
  });
  if (missing.length === 0) return undefined;
  return {
    code: 'rule_unsatisfiable',
    message: `this needs active people who may approve: ${missing.join('; ')}`,
    next: 'give members the role of an approver and the named approval role, or ask for fewer approvals',
  };
}

function peopleWith(role: string | null, roster: readonly Member[]): number {
  const able = roster.filter((member) => member.status === 'active' && mayApprove(member, role));
  return new Set(able.map(({ person }) => person)).size;
}

function mayApprove({ roles, approvalRoles }: Claimed, role: string | null): boolean {
  return roles.some((one) => approving.includes(one)) && (role === null || approvalRoles.includes(role));
}

function roleText(role: string | null): string {
  return role === null ? 'any role that may approve' : `the approval role ${role}`;
}

function isOrAre(able: number): string {
  return able === 1 ? 'is 1' : `are ${able}`;
}
