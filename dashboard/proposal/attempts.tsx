import type { ProposalDetail } from '@countersign/client/proposal-detail';
import { Foreign } from '../ui/value.tsx';
import { When } from '../ui/when.tsx';
import { attemptsOf } from './attempts.ts';
import styles from './facts-table.module.css';
import { useStory } from './use-story.ts';

/** Who took the job, when, and how that ended. */
export function Attempts({ detail }: { readonly detail: ProposalDetail }) {
  const { data } = useStory(detail);
  const attempts = attemptsOf(data?.entries ?? []);
  if (attempts.length === 0) return null;
  return (
    <section className={styles.section} aria-labelledby="attempts">
      <h2 id="attempts">Attempts</h2>
      <div className={styles.scroll}>
        <table className={styles.table}>
          <thead>
            <tr>
              <th scope="col">Attempt</th>
              <th scope="col">Runner</th>
              <th scope="col">Leased</th>
              <th scope="col">Ended</th>
              <th scope="col">How</th>
            </tr>
          </thead>
          <tbody>
            {attempts.map(({ end, leaseId, leasedAt, number, runner }) => (
              <tr key={leaseId}>
                <th scope="row">{number}</th>
                <td>
                  <Foreign text={runner} />
                </td>
                <td>
                  <When at={leasedAt} />
                </td>
                <td>{end === undefined ? '–' : <When at={end.at} />}</td>
                <td>{end === undefined ? 'at work on it' : <Foreign text={end.how} />}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </section>
  );
}
