import type { Capability } from '@countersign/protocol/contract/contract-document';
import type { CapabilityShape } from './policy-facts.ts';

/** A capability as conditions may name it. */
export function capabilityShape(capability: Capability): CapabilityShape {
  const args: Record<string, 'string' | 'number' | 'boolean'> = {};
  for (const [name, { type }] of Object.entries(capability.args)) {
    if (type !== 'object_array') args[name] = type;
  }
  const patched: Record<string, 'number' | 'text' | 'other'> = {};
  for (const column of Object.keys(capability.proposal?.patch ?? {})) {
    patched[column] = kindOf(capability, column, args);
  }
  return { name: capability.name, args, visible: capability.visible_fields, patched };
}

function kindOf(
  { proposal }: Capability,
  column: string,
  args: Readonly<Record<string, 'string' | 'number' | 'boolean'>>,
): 'number' | 'text' | 'other' {
  const binding = proposal?.patch[column];
  if (proposal?.numeric_bounds !== undefined && Object.hasOwn(proposal.numeric_bounds, column))
    return 'number';
  if (binding === undefined) return 'other';
  const from = 'from_arg' in binding && binding.from_arg !== undefined ? args[binding.from_arg] : undefined;
  const type = from ?? ('fixed' in binding ? typeof binding.fixed : undefined);
  if (type === 'number') return 'number';
  return type === 'string' ? 'text' : 'other';
}
