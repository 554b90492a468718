import type { RunDetail } from '@countersign/client/run-detail';
import { StateChip } from '../ui/state-chip.tsx';
import { Foreign, Value } from '../ui/value.tsx';
import { Since, Until } from '../ui/when.tsx';
import styles from './run-head.module.css';
import { countText } from './step-words.ts';

/** What was asked for, by whom, and how far it is. */
export function RunHead({ run }: { readonly run: RunDetail }) {
  const { cause, command, created_at, expires_at, input, run_id, status, terminal, text } = run;
  const fields = Object.entries(input ?? {});
  return (
    <header className={styles.head}>
      <div className={styles.first}>
        <h1 className={styles.title}>
          <Foreign text={command ?? 'a run'} />
        </h1>
        <StateChip state={status} />
        <code className={styles.id}>{run_id}</code>
      </div>
      {text == null ? null : (
        <p className={styles.text}>
          <Foreign text={text} />
        </p>
      )}
      <p className={styles.facts}>
        {countText(run)} · asked by <Foreign text={whoOf(run)} />
        {created_at == null ? null : (
          <>
            {' '}
            <Since at={created_at} /> ago
          </>
        )}
        {terminal === true || expires_at == null ? null : (
          <>
            {' '}
            · ends {run.ends === 'with_its_steps' ? 'with its last step' : 'when somebody says so'}, in{' '}
            <Until at={expires_at} over="a moment" /> at the latest
          </>
        )}
      </p>
      {cause?.message == null ? null : (
        <p>
          <Foreign text={cause.message} />
        </p>
      )}
      {fields.length === 0 ? null : (
        <dl className={styles.input}>
          {fields.map(([name, value]) => (
            <div key={name}>
              <dt>
                <Foreign text={name} />
              </dt>
              <dd>
                <Value value={value} />
              </dd>
            </div>
          ))}
        </dl>
      )}
    </header>
  );
}

function whoOf({ name, principal, started_by }: RunDetail): string {
  const who = `${started_by?.kind ?? 'somebody'} ${name ?? started_by?.id ?? ''}`.trim();
  return principal == null ? who : `${who}, for ${principal}`;
}
