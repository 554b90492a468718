import type { ProjectProgress } from '@countersign/client/account-api';
import { Check, Circle, CircleDot, Undo2, X } from 'lucide-react';
import { Chip, type Tone } from '../ui/chip.tsx';
import { Foreign } from '../ui/value.tsx';
import styles from './provision.module.css';

const marks: Readonly<Record<string, typeof Check>> = {
  done: Check,
  failed: X,
  undone: Undo2,
  under_way: CircleDot,
  retrying: CircleDot,
};
const tones: Readonly<Record<string, Tone>> = {
  done: 'good',
  failed: 'bad',
  under_way: 'accent',
  retrying: 'warn',
};
const titles = {
  going: 'It is being made',
  done: 'It is made',
  undoing: 'It could not be made: what was begun is taken back',
  undone: 'What was begun is taken back',
} as const;

/** Each step of making a project, and how it stands. */
export function ProgressSteps({ progress: { state, steps } }: { readonly progress: ProjectProgress }) {
  return (
    <section
      className={styles.part}
      data-done={state === 'done' || undefined}
      aria-label="How far it has come"
    >
      <div role="status">
        <h2>{titles[state]}</h2>
      </div>
      <ol className={styles.steps}>
        {steps.map(({ name, state: each, trouble }) => {
          const Mark = marks[each] ?? Circle;
          return (
            <li key={name} data-state={each}>
              <span className={styles.mark}>
                <Mark size={16} aria-hidden />
              </span>
              <span>
                <Foreign text={name.replaceAll('_', ' ')} />
                {trouble === null ? null : (
                  <>
                    {' '}
                    <code>{trouble}</code>
                  </>
                )}
              </span>
              <Chip tone={tones[each]}>{each.replaceAll('_', ' ')}</Chip>
            </li>
          );
        })}
      </ol>
    </section>
  );
}
