import { useState } from 'react';
import { Button } from '../ui/button.tsx';
import { Fault } from '../ui/fault.tsx';
import { RunnerCard } from './runner-card.tsx';
import styles from './runners.module.css';
import section from './section.module.css';
import { useRunners } from './use-fleet.ts';

/** Every runner that is expected; those that were archived once somebody asks for them. */
export function Runners() {
  const { data, error, refetch } = useRunners();
  const [hasArchived, setArchived] = useState(false);
  const all = data ?? [];
  const archived = all.filter(({ status }) => status === 'archived').length;
  const shown = hasArchived ? all : all.filter(({ status }) => status !== 'archived');
  return (
    <section className={section.section} aria-labelledby="runners">
      <div className={section.head}>
        <h2 id="runners">Runners</h2>
        <p className={section.note} role="status">
          {all.length - archived} expected
        </p>
        {archived === 0 ? null : (
          <Button isSmall look="plain" aria-pressed={hasArchived} onClick={() => setArchived(!hasArchived)}>
            {hasArchived ? 'Hide' : 'Show'} {archived} archived
          </Button>
        )}
      </div>
      {error === null ? null : <Fault error={error} onRetry={() => void refetch()} />}
      {data !== undefined && shown.length === 0 ? (
        <p className={`${section.box} ${section.empty}`}>
          No runner has registered. Changes wait until one that covers their source is started, with a runner
          token and the address of this plane.
        </p>
      ) : null}
      <ul className={styles.runners}>
        {shown.map((runner) => (
          <RunnerCard key={runner.runner_id} runner={runner} />
        ))}
      </ul>
    </section>
  );
}
