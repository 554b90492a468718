import type { Capability } from '@countersign/protocol/contract/contract-document';

/**
 * The name of a member, at any depth, that is a field which the contract keeps out. The ledger forgets nothing, so what
 * must not leave the customer's network must never come in, in whatever it is wrapped.
 */
export function keptOutNameIn(
  { kept_out_fields = [] }: Pick<Capability, 'kept_out_fields'>,
  ...values: readonly unknown[]
): string | undefined {
  if (kept_out_fields.length === 0) return undefined;
  const keptOut = new Set(kept_out_fields.map((field) => field.toLowerCase()));
  return namesIn(values).find((name) => keptOut.has(name.toLowerCase()));
}

/** The names of all members, at any depth. */
export function namesIn(value: unknown): string[] {
  if (Array.isArray(value)) return value.flatMap(namesIn);
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([name, member]) => [name, ...namesIn(member)]);
}
