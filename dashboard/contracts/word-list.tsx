import { Foreign } from '../ui/value.tsx';
import styles from './word-list.module.css';

/** Several things that hold together. */
export function WordList({ words }: { readonly words: readonly string[] }) {
  return (
    <ul className={styles.words}>
      {words.map((text) => (
        <li key={text}>
          <Foreign text={text} />
        </li>
      ))}
    </ul>
  );
}
