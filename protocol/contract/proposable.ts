import type { Refusal } from '../problem.ts';
import type { Capability } from './contract-document.ts';

/**
 * A registry holds contracts for all that existing runners do. What is asked for by capability is what a change set v1
 * can say: an update of one row that a runner writes by SQL. Undefined means that this capability is one of those; the
 * others are proposed by runners, which see the rows.
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

/** Whether a runner writes by SQL what a capability proposes, in whichever form it comes. Undefined: it does. */
export function whyNotWritten(capability: Capability): Refusal | undefined {
  const reason = reasonAgainstWriting(capability);
  if (reason === undefined) return undefined;
  return {
    code: 'change_set_unsupported',
    message: `${capability.name} ${reason}`,
    next: 'a capability of kind proposal that writes by direct_sql',
  };
}

function reasonAgainstWriting({ kind, proposal }: Capability): string | undefined {
  if (kind !== 'proposal' || proposal === undefined) return `is of kind ${kind} and proposes nothing`;
  const mode = proposal.writeback?.mode ?? 'direct_sql';
  return mode === 'direct_sql' ? undefined : `is carried out by ${mode}`;
}

function reasonAgainst(capability: Capability): string | undefined {
  const { proposal, args } = capability;
  const operation = proposal?.operation;
  if (operation !== undefined && operation.kind !== 'update')
    return `does not update: it would ${operation.kind}`;
  if (operation?.cardinality === 'set') return 'changes several rows';
  const reason = reasonAgainstWriting(capability);
  if (reason !== undefined) return reason;
  const takesItems = Object.values(args).some((spec) => spec.type === 'object_array');
  return takesItems ? 'takes a list of items' : undefined;
}
