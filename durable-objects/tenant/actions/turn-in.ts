import type { World } from '../turn/world.ts';
import type { Turn } from './action-body.ts';

/** Where an action that is let go now stands in its order. */
export function turnIn(
  world: World,
  { action_id, order_key }: { readonly action_id: string; readonly order_key: string | null },
): Turn {
  if (order_key === null) return null;
  const holder = world.row('orders', order_key)?.holder ?? null;
  return holder === null || holder === action_id ? 'first' : 'behind';
}
