import { Foreign } from '../ui/value.tsx';
import type { Problem } from './check-text.ts';
import styles from './problem-list.module.css';

/** What is wrong with a document, and where. */
export function ProblemList({ problems }: { readonly problems: readonly Problem[] }) {
  if (problems.length === 0) return null;
  return (
    <ul className={styles.problems}>
      {problems.map(({ message, path }) => (
        <li key={`${path}${message}`}>
          <code>
            <Foreign text={path} />
          </code>{' '}
          <Foreign text={message} />
        </li>
      ))}
    </ul>
  );
}
