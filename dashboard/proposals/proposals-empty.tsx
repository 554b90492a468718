import styles from './proposals-empty.module.css';

/** No proposal: what that means, and what would change it. */
export function ProposalsEmpty({ isNarrowed }: { readonly isNarrowed: boolean }) {
  return (
    <div className={styles.empty}>
      <h2>{isNarrowed ? 'No proposal fits' : 'Nobody has proposed anything yet'}</h2>
      <p>
        {isNarrowed
          ? 'Take the words or a filter away to see the others.'
          : 'When an agent proposes a change it appears here, and stays here whatever becomes of it.'}
      </p>
    </div>
  );
}
