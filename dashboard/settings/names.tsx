import { Foreign } from '../ui/value.tsx';
import styles from './names.module.css';

/** Names from elsewhere beside each other; where there are none, what that means. */
export function Names({
  names,
  none,
}: {
  readonly names: readonly string[] | null | undefined;
  readonly none: string;
}) {
  if (names == null || names.length === 0) return <span className={styles.none}>{none}</span>;
  return <Foreign text={names.join(', ')} />;
}
