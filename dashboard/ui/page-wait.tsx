import styles from './page-wait.module.css';

/** Nothing to show yet; told only to those who have waited a moment. */
export function PageWait({ text = 'Loading' }: { readonly text?: string }) {
  return (
    <p className={styles.wait} role="status">
      {text}
    </p>
  );
}
