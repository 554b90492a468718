import type { ProposalDetail } from '@countersign/client/proposal-detail';
import { Undo2 } from 'lucide-react';
import { lazy, Suspense, useState } from 'react';
import { useMay } from '../plane/plane-context.ts';
import { Button } from '../ui/button.tsx';

// It knows the contract's rules, which are not needed to look at a proposal.
const UndoDialog = lazy(() => import('./undo-dialog.tsx').then(({ UndoDialog: it }) => ({ default: it })));

/** The way to a new proposal that puts the row back. */
export function Undo({ detail }: { readonly detail: ProposalDetail }) {
  const mayPropose = useMay('propose');
  const [isAsking, setAsking] = useState(false);
  if (detail.status !== 'applied') return null;
  return (
    <div>
      <Button
        refusedBecause={
          mayPropose ? undefined : 'Your roles do not include proposing: owners, admins and operators may.'
        }
        onClick={() => setAsking(true)}
      >
        <Undo2 size={16} aria-hidden /> Undo
      </Button>
      <Suspense>{isAsking ? <UndoDialog detail={detail} onClose={() => setAsking(false)} /> : null}</Suspense>
    </div>
  );
}
