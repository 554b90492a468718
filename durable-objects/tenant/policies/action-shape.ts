import type { ActionContract } from '@countersign/protocol/action/action-contract';
import { own } from '@countersign/protocol/contract/own';
import type { CapabilityShape } from './policy-facts.ts';

/** An action as conditions may name it: what it sends stands under `patch` and `after`. */
export function actionShape({ name, args, input }: ActionContract): CapabilityShape {
  const types = Object.fromEntries(Object.entries(args).map(([arg, { type }]) => [arg, type]));
  const patched = Object.fromEntries(
    Object.entries(input).map(([field, source]) => {
      if ('from_binding' in source) return [field, 'text'] as const;
      const type = 'from_arg' in source ? own(types, source.from_arg) : typeof source.fixed;
      return [field, type === 'number' ? 'number' : type === 'string' ? 'text' : 'other'] as const;
    }),
  );
  return { name, args: types, visible: Object.keys(input), patched };
}
