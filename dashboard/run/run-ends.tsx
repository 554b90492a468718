import type { RunDetail } from '@countersign/client/run-detail';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { Suspense, useState } from 'react';
import { usePlane } from '../plane/plane-context.ts';
import { WordsDialog } from '../proposal/lazy-words-dialog.ts';
import { Button } from '../ui/button.tsx';
import styles from './run-ends.module.css';
import { runKey } from './use-run.ts';

type End = 'succeeded' | 'failed' | 'cancel';

const asks = {
  succeeded: {
    button: 'It has succeeded',
    title: 'Say that this run is over, and has succeeded',
    label: 'What did it come to? It stands in the ledger.',
  },
  failed: {
    button: 'It has failed',
    title: 'Say that this run is over, and has failed',
    label: 'What did it come to? It stands in the ledger.',
  },
  cancel: {
    button: 'Cancel the run',
    title: 'End this run now',
    label:
      'Why? Its tasks are taken back, also from their workers, and what nobody has decided is withdrawn. What was decided goes its way.',
  },
} as const;

/** How somebody ends a run: now, or by saying what it came to where nothing else ends it. */
export function RunEnds({ run }: { readonly run: RunDetail }) {
  const { caller, projectId, runs } = usePlane();
  const client = useQueryClient();
  const [asked, setAsked] = useState<End | null>(null);
  const ending = useMutation({
    mutationFn: ({ end, words }: { readonly end: End; readonly words: string }) => {
      const options = { idempotencyKey: crypto.randomUUID() };
      return end === 'cancel'
        ? runs.cancel(run.run_id, words, options)
        : runs.finish(run.run_id, end, words, options);
    },
    onSuccess: () => setAsked(null),
    onSettled: () => client.invalidateQueries({ queryKey: runKey(projectId, run.run_id) }),
  });
  if (run.terminal === true) return null;
  const refused = (asking: 'finish-run' | 'cancel-run') =>
    caller.may.includes(asking) ? undefined : 'Your roles do not include ending a run.';
  const isOver = run.ends === 'when_told' && (run.steps_open ?? 0) === 0;
  const ways: readonly End[] = isOver ? ['succeeded', 'failed', 'cancel'] : ['cancel'];
  return (
    <div className={styles.ends}>
      {ways.map((end) => (
        <Button
          key={end}
          isSmall
          look={end === 'cancel' ? 'danger' : undefined}
          refusedBecause={refused(end === 'cancel' ? 'cancel-run' : 'finish-run')}
          onClick={() => {
            ending.reset();
            setAsked(end);
          }}
        >
          {asks[end].button}
        </Button>
      ))}
      <Suspense>
        {asked === null ? null : (
          <WordsDialog
            draft={`${asked}.${run.run_id}`}
            title={asks[asked].title}
            label={asks[asked].label}
            action={asks[asked].button}
            look={asked === 'cancel' ? 'danger' : 'main'}
            isPending={ending.isPending}
            error={ending.error}
            onSend={(words) => ending.mutateAsync({ end: asked, words })}
            onClose={() => setAsked(null)}
          />
        )}
      </Suspense>
    </div>
  );
}
