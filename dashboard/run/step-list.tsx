import type { StepDetail } from '@countersign/client/run-detail';
import { classes } from '../ui/classes.ts';
import { StateChip } from '../ui/state-chip.tsx';
import { Foreign } from '../ui/value.tsx';
import { VirtualList } from '../ui/virtual-list.tsx';
import { StepLink } from './step-link.tsx';
import styles from './step-list.module.css';
import { standingOf, whatOf } from './step-words.ts';

const LINE_PX = 58;
const MOST_SHOWN = 8;

interface Props {
  readonly steps: readonly StepDetail[];
  readonly openId: string | undefined;
}

/** The same steps as in the graph, in their order, with what each waits for. */
export function StepList({ steps, openId }: Props) {
  const height = Math.min(steps.length, MOST_SHOWN) * LINE_PX;
  return (
    <div className={styles.list} style={{ height }}>
      <VirtualList
        label="Steps"
        items={steps}
        keyOf={({ step_id }) => step_id}
        linePx={LINE_PX}
        hasMore={false}
        onMore={nothing}
      >
        {(step) => (
          <StepLink step={step} className={classes(styles.step, step.step_id === openId && styles.open)}>
            <span className={styles.number}>{step.number}</span>
            <span className={styles.what}>
              <strong>
                <Foreign text={whatOf(step) ?? step.linked ?? step.kind} />
              </strong>{' '}
              <span className={styles.kind}>{step.kind}</span>
            </span>
            <StateChip state={step.status} />
            <span className={styles.why}>
              <Foreign text={whyOf(step, steps)} />
            </span>
          </StepLink>
        )}
      </VirtualList>
    </div>
  );
}

function nothing(): void {
  // All of the steps are there.
}

function whyOf(step: StepDetail, steps: readonly StepDetail[]): string {
  const follows = steps.filter(({ step_id }) => step.after?.includes(step_id) === true);
  const after =
    follows.length === 0 ? undefined : `follows step ${follows.map(({ number }) => number).join(', ')}`;
  return [after, standingOf(step, steps)].filter(Boolean).join('; ');
}
