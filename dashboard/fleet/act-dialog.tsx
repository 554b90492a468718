import type { WriteOptions } from '@countersign/client/http';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { type ReactNode, useState } from 'react';
import { usePlane } from '../plane/plane-context.ts';
import { WordsDialog } from '../proposal/words-dialog.tsx';
import { readFleetAgain } from './use-fleet.ts';

interface Props<Answer> {
  readonly draft: string;
  readonly title: string;
  readonly action: string;
  readonly look?: 'main' | 'danger';
  /** What will happen, and what stays true. */
  readonly children: ReactNode;
  readonly act: (reason: string, options: WriteOptions) => Promise<Answer>;
  readonly onDone?: (answer: Answer) => void;
  readonly onClose: () => void;
}

/** Something done to the fleet, with its reason. Sent again, it is the same deed. */
export function ActDialog<Answer>({
  draft,
  title,
  action,
  look = 'main',
  children,
  act,
  onDone,
  onClose,
}: Props<Answer>) {
  const plane = usePlane();
  const client = useQueryClient();
  const [idempotencyKey] = useState(() => crypto.randomUUID());
  const deed = useMutation({
    mutationFn: (reason: string) => act(reason, { idempotencyKey }),
    onSuccess: (answer) => {
      onDone?.(answer);
      onClose();
    },
    // Whatever came of it: what is shown must be what is there.
    onSettled: () => readFleetAgain(client, plane),
  });
  return (
    <WordsDialog
      draft={draft}
      title={title}
      label="Why? It stands in the record."
      action={action}
      look={look}
      isPending={deed.isPending}
      error={deed.error}
      onSend={deed.mutateAsync}
      onClose={onClose}
    >
      {children}
    </WordsDialog>
  );
}
