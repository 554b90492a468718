import styles from './inbox-empty.module.css';

/** Nothing waits: what that means, and what would change it. */
export function InboxEmpty({ isFiltered }: { readonly isFiltered: boolean }) {
  return (
    <div className={styles.empty}>
      <h2>{isFiltered ? 'Nothing that fits these filters' : 'Nothing waits for a decision'}</h2>
      <p>
        {isFiltered
          ? 'Take a filter away to see the others.'
          : 'When an agent proposes a change or asks for an action that people decide about, it appears here by itself.'}
      </p>
    </div>
  );
}
