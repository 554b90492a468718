import type { Capability, ScalarSpec } from './contract-document.ts';
import { own } from './own.ts';

/** The fields of the items that a capability inserts together; none where it takes no items. */
export function itemFields({ args, proposal }: Capability): Readonly<Record<string, ScalarSpec>> {
  const items = own(args, proposal?.operation?.batch?.items_from_arg);
  return items?.type === 'object_array' ? items.fields : {};
}
