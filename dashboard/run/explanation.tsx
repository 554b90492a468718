import type { ExplainedClause, RunExplanationDetail } from '@countersign/client/run-detail';
import { getRouteApi, Link } from '@tanstack/react-router';
import { Told } from '../ui/told.tsx';
import { Foreign } from '../ui/value.tsx';
import styles from './explanation.module.css';

const route = getRouteApi('/gate/t/$project/runs/$runId');

/** What happened and why, in words; each sentence names the entries of the ledger that it stands on. */
export function Explanation({ explanation }: { readonly explanation: RunExplanationDetail }) {
  const { chapters, summary, waiting } = explanation;
  return (
    <div className={styles.explanation} aria-live="polite">
      <p className={styles.summary}>
        <Foreign text={summary} />
      </p>
      {waiting.length === 0 ? null : (
        <div className={styles.waiting}>
          <h3>What it waits for</h3>
          <Clauses clauses={waiting} />
        </div>
      )}
      {chapters.map(({ clauses, step_id, title }) => (
        <div key={step_id ?? title} className={styles.chapter}>
          <h3>
            <Foreign text={title} />
          </h3>
          <Clauses clauses={clauses} />
        </div>
      ))}
    </div>
  );
}

function Clauses({ clauses }: { readonly clauses: readonly ExplainedClause[] }) {
  const { project, runId } = route.useParams();
  return (
    <ul className={styles.clauses}>
      {clauses.map(({ seqs, text }) => (
        <li key={`${seqs.join()}${text}`}>
          <Told text={text} />
          {seqs.map((seq) => (
            <Link
              key={seq}
              to="/t/$project/runs/$runId"
              params={{ project, runId }}
              search={(before) => ({ ...before, entry: seq })}
              resetScroll={false}
              className={styles.cited}
              aria-label={`Entry ${seq} of the ledger`}
            >
              [{seq}]
            </Link>
          ))}
        </li>
      ))}
    </ul>
  );
}
