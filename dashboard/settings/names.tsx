import { Foreign } from '../ui/value.tsx';

/** Names from elsewhere beside each other; where there are none, what that means. */
export function Names({
  names,
  none,
}: {
  readonly names: readonly string[] | null | undefined;
  readonly none: string;
}) {
  if (names == null || names.length === 0) return none;
  return <Foreign text={names.join(', ')} />;
}
