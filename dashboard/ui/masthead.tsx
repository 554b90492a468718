import { Link } from '@tanstack/react-router';
import { Mark } from './mark.tsx';
import styles from './masthead.module.css';

/** What stands above a page that is of no open project. */
export function Masthead() {
  return (
    <header className={styles.head}>
      <Link to="/" className={styles.mark} aria-label="Countersign: your projects">
        <Mark size={22} /> Countersign
      </Link>
    </header>
  );
}
