import type { Refusal } from '../problem.ts';
import type { Capability } from './contract-document.ts';

/**
 * A registry holds contracts for all that existing runners do; proposed here is what a change set v1 can say: an
 * update of one row that a runner writes by SQL. Undefined means that this capability is one of those.
 */
export function whyNotProposable(capability: Capability): Refusal | undefined {
  const reason = reasonAgainst(capability);
  if (reason === undefined) return undefined;
  return {
    code: 'change_set_unsupported',
    message: `${capability.name} ${reason}`,
    next: 'a capability of kind proposal that updates one row by direct_sql',
  };
}

function reasonAgainst({ kind, proposal, args }: Capability): string | undefined {
  if (kind !== 'proposal' || proposal === undefined) return `is of kind ${kind} and proposes nothing`;
  const { operation, writeback } = proposal;
  if (operation !== undefined && operation.kind !== 'update')
    return `does not update: it would ${operation.kind}`;
  if (operation?.cardinality === 'set') return 'changes several rows';
  const mode = writeback?.mode ?? 'direct_sql';
  if (mode !== 'direct_sql') return `is carried out by ${mode}`;
  const takesItems = Object.values(args).some((spec) => spec.type === 'object_array');
  return takesItems ? 'takes a list of items' : undefined;
}
