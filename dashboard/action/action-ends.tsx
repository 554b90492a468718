import type { ActionDetail } from '@countersign/client/action-detail';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { Suspense, useState } from 'react';
import { useMay, usePlane } from '../plane/plane-context.ts';
import { WordsDialog } from '../proposal/lazy-words-dialog.ts';
import { Button } from '../ui/button.tsx';
import { cancelRefusedBecause, isSettleable } from './action-decisions.ts';
import styles from './action-ends.module.css';
import { readActionAgain } from './use-action.ts';

type End = 'succeeded' | 'failed' | 'retry' | 'cancel';

interface Ask {
  readonly button: string;
  readonly title: string;
  readonly label: string;
}

const asks: Readonly<Record<End, Ask>> = {
  succeeded: {
    button: 'It has happened',
    title: 'Settle it: it has happened',
    label: 'How do you know? It becomes succeeded, nothing is sent again, and what waits behind it goes on.',
  },
  failed: {
    button: 'It has not, and shall not',
    title: 'Settle it: it has not happened, and never will',
    label: 'How do you know? It becomes failed, nothing is sent again, and what waits behind it goes on.',
  },
  retry: {
    button: 'It has not: try again',
    title: 'Settle it: it has not happened, and is tried again',
    label:
      'How do you know? It is sent again under the same key. Where the provider does not drop repeated keys and it has happened after all, it happens twice.',
  },
  cancel: {
    button: 'Take it back',
    title: 'Take this action back',
    label: 'Why? Nobody has begun it, so nothing has been sent, and nothing will be.',
  },
};

/** What an operator can do about an action besides deciding: say what became of it, or take it back. */
export function ActionEnds({ detail }: { readonly detail: ActionDetail }) {
  const plane = usePlane();
  const client = useQueryClient();
  const maySettle = useMay('settle-action');
  const [asked, setAsked] = useState<End | null>(null);
  const ending = useMutation({
    mutationFn: ({ end, reason }: { readonly end: End; readonly reason: string }) => {
      const options = { idempotencyKey: crypto.randomUUID() };
      return end === 'cancel'
        ? plane.actions.cancel(detail.action_id, reason, options)
        : plane.actions.settle(detail.action_id, end, reason, options);
    },
    onSuccess: () => setAsked(null),
    onSettled: () => readActionAgain(client, plane, detail.action_id),
  });
  const begin = (end: End) => {
    ending.reset();
    setAsked(end);
  };
  if (detail.terminal === true) return null;
  const notSettled = maySettle ? undefined : 'Your roles do not include settling.';
  return (
    <div className={styles.ends}>
      {isSettleable(detail) ? (
        <>
          <p>
            Look at <strong>{detail.target}</strong> by its key first. Then say what became of it:
          </p>
          {(['succeeded', 'failed', 'retry'] as const).map((end) => (
            <Button key={end} refusedBecause={notSettled} onClick={() => begin(end)}>
              {asks[end].button}
            </Button>
          ))}
          {notSettled === undefined ? null : <p className={styles.why}>{notSettled}</p>}
        </>
      ) : (
        <Button
          isSmall
          refusedBecause={cancelRefusedBecause(detail, plane.caller)}
          onClick={() => begin('cancel')}
        >
          {asks.cancel.button}
        </Button>
      )}
      <Suspense>
        {asked === null ? null : (
          <WordsDialog
            draft={`${asked}.${detail.action_id}`}
            title={asks[asked].title}
            label={asks[asked].label}
            action={asked === 'cancel' ? 'Cancel the action' : asks[asked].button}
            look={asked === 'cancel' || asked === 'retry' ? 'danger' : 'main'}
            isPending={ending.isPending}
            error={ending.error}
            onSend={(reason) => ending.mutateAsync({ end: asked, reason })}
            onClose={() => setAsked(null)}
          />
        )}
      </Suspense>
    </div>
  );
}
