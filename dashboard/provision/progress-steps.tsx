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

/** By the names that the plane has for them. */
const words: Readonly<Record<string, string>> = {
  reserve_label: 'Reserve the label',
  place: 'Choose where its record is kept',
  create_tenant: 'Begin its record',
  host_app: 'Make a place for its hosted runner',
  host_secret: 'Give the hosted runner its token',
  host_machine: 'Start the hosted runner',
  host_health: 'Hear from the hosted runner',
  open: 'Open it',
};

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
                <Foreign text={words[name] ?? name.replaceAll('_', ' ')} />
                {trouble === null ? null : (
                  <>
                    {' '}
                    <code>{trouble}</code>
                  </>
                )}
              </span>
              {each === 'done' ? null : <Chip tone={tones[each]}>{each.replaceAll('_', ' ')}</Chip>}
            </li>
          );
        })}
      </ol>
    </section>
  );
}
