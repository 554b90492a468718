import type { StepDetail } from '@countersign/client/run-detail';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { Suspense, useState } from 'react';
import { useMay, usePlane } from '../plane/plane-context.ts';
import { WordsDialog } from '../proposal/lazy-words-dialog.ts';
import { Button } from '../ui/button.tsx';
import { StateChip } from '../ui/state-chip.tsx';
import { Foreign } from '../ui/value.tsx';
import { Until, When } from '../ui/when.tsx';
import styles from './step-card.module.css';
import { standingOf, stepHasEnded, whatOf } from './step-words.ts';
import { runKey } from './use-run.ts';

interface Props {
  readonly runId: string;
  readonly step: StepDetail;
  readonly steps: readonly StepDetail[];
}

/** What is told of one step that has no page of its own. */
export function StepCard({ runId, step, steps }: Props) {
  const { artifact, created_at, number, kind, status, task } = step;
  return (
    <section className={styles.card} aria-labelledby="open-step">
      <h2 id="open-step" className={styles.title}>
        Step {number}: {kind} <Foreign text={whatOf(step) ?? ''} />
        <StateChip state={status} />
      </h2>
      <p>
        <Foreign text={standingOf(step, steps) ?? ''} />
      </p>
      <dl className={styles.facts}>
        {task?.plan?.handler == null ? null : <Fact name="Handler" text={task.plan.handler} />}
        {task?.attempts == null ? null : (
          <Fact name="Attempts" text={`${task.attempts} of at most ${task.most_attempts ?? '-'}`} />
        )}
        {task?.claim == null ? null : (
          <div>
            <dt>Claim</dt>
            <dd>
              <Foreign text={task.claim.runner_id ?? 'a worker'} />
              {task.claim.expires_at == null ? null : (
                <>
                  , for <Until at={task.claim.expires_at} over="no longer" />
                </>
              )}
            </dd>
          </div>
        )}
        {artifact?.location == null ? null : <Fact name="Lies at" text={artifact.location} />}
        {artifact?.digest == null ? null : <Fact name="Digest" text={artifact.digest} />}
        {artifact?.size == null ? null : (
          <Fact name="Size" text={`${artifact.size.toLocaleString()} bytes`} />
        )}
        {created_at == null ? null : (
          <div>
            <dt>Added</dt>
            <dd>
              <When at={created_at} />
            </dd>
          </div>
        )}
      </dl>
      {kind === 'task' && !stepHasEnded(step) ? <CancelTask runId={runId} step={step} /> : null}
    </section>
  );
}

function Fact({ name, text }: { readonly name: string; readonly text: string }) {
  return (
    <div>
      <dt>{name}</dt>
      <dd>
        <Foreign text={text} />
      </dd>
    </div>
  );
}

function CancelTask({ runId, step: { step_id } }: Pick<Props, 'runId' | 'step'>) {
  const { projectId, runs } = usePlane();
  const client = useQueryClient();
  const mayCancel = useMay('cancel-task');
  const [isAsking, setAsking] = useState(false);
  const cancel = useMutation({
    mutationFn: (reason: string) => runs.cancelTask(step_id, reason, { idempotencyKey: crypto.randomUUID() }),
    onSuccess: () => setAsking(false),
    onSettled: () => client.invalidateQueries({ queryKey: runKey(projectId, runId) }),
  });
  return (
    <div>
      <Button
        isSmall
        look="danger"
        refusedBecause={mayCancel ? undefined : 'Your roles do not include canceling a task.'}
        onClick={() => {
          cancel.reset();
          setAsking(true);
        }}
      >
        Cancel this task
      </Button>
      <Suspense>
        {isAsking ? (
          <WordsDialog
            draft={`cancel.${step_id}`}
            title="Take this task back"
            label="Why? A worker that has it is told at its next word. What follows this step is canceled with it, unless it only waits for its end."
            action="Cancel this task"
            look="danger"
            isPending={cancel.isPending}
            error={cancel.error}
            onSend={(reason) => cancel.mutateAsync(reason)}
            onClose={() => setAsking(false)}
          />
        ) : null}
      </Suspense>
    </div>
  );
}
