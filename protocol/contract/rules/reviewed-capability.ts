import type {
  AgentContract,
  Capability,
  ContractContext,
  ContractResource,
  ProposalAction,
} from '../contract-document.ts';
import type { Report } from '../contract-issues.ts';
import type { SubjectParts } from '../subject-of.ts';

/** A capability with what its names resolve to, as the rules look at it. */
export interface Reviewed {
  readonly contract: AgentContract;
  readonly capability: Capability;
  readonly path: string;
  readonly context: ContractContext | undefined;
  readonly resource: ContractResource | undefined;
  readonly subject: SubjectParts;
  readonly report: Report;
}

export interface ReviewedProposal extends Reviewed {
  readonly proposal: ProposalAction;
  readonly operation: 'update' | 'insert' | 'delete';
  readonly isSet: boolean;
}

/** MySQL knows columns whatever their case, so what is forbidden is forbidden in any. */
export function isColumn(one: string, other: string | undefined): boolean {
  return one.toLowerCase() === other?.toLowerCase();
}

export function hasColumn(columns: readonly string[] | undefined, column: string): boolean {
  return columns?.some((candidate) => isColumn(candidate, column)) ?? false;
}

/** Reports the second and later mention of a name. */
export function reportRepeats(
  names: readonly string[],
  pathOf: (index: number) => string,
  code: 'DUPLICATE_NAME' | 'DUPLICATE_FIELD',
  report: Report,
): void {
  const seen = new Set<string>();
  names.forEach((name, index) => {
    const known = code === 'DUPLICATE_FIELD' ? name.toLowerCase() : name;
    if (seen.has(known)) report(pathOf(index), code, `${name} stands here twice`);
    seen.add(known);
  });
}
