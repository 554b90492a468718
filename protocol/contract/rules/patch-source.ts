import type { Scalar } from '../../values.ts';
import type { ScalarSpec } from '../contract-document.ts';
import { own } from '../own.ts';
import type { ReviewedProposal } from './reviewed-capability.ts';

/** Where the value of a patched column comes from; undefined where that does not resolve (reported elsewhere). */
export type PatchSource = { readonly fixed: Scalar } | { readonly spec: ScalarSpec };

export function patchSource(
  { capability, proposal }: ReviewedProposal,
  column: string,
): PatchSource | undefined {
  const { fixed, from_arg, from_item } = own(proposal.patch, column) ?? {};
  if (fixed !== undefined) return { fixed };
  const items = own(capability.args, proposal.operation?.batch?.items_from_arg);
  const fields = items?.type === 'object_array' ? items.fields : {};
  const spec = from_arg === undefined ? own(fields, from_item) : own(capability.args, from_arg);
  return spec === undefined || spec.type === 'object_array' ? undefined : { spec };
}

/** The bounds that hold for a patched number, from its argument and its numeric bound together. */
export interface Range {
  readonly minimum: number | undefined;
  readonly maximum: number | undefined;
}

export function rangeOf(reviewed: ReviewedProposal, column: string): Range {
  const bounds = reviewed.proposal.numeric_bounds && own(reviewed.proposal.numeric_bounds, column);
  const source = patchSource(reviewed, column);
  const spec =
    source !== undefined && 'spec' in source && source.spec.type === 'number' ? source.spec : undefined;
  const choices = spec?.enum;
  return {
    minimum: bounds?.minimum ?? spec?.minimum ?? (choices && Math.min(...choices)),
    maximum: bounds?.maximum ?? spec?.maximum ?? (choices && Math.max(...choices)),
  };
}
