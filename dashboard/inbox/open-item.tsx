import { ActionBar } from '../action/action-bar.tsx';
import { ActionCard } from '../action/action-card.tsx';
import { isUndecided } from '../action/action-decisions.ts';
import { useAction } from '../action/use-action.ts';
import { DecisionBar } from '../proposal/decision-bar.tsx';
import { DecisionCard } from '../proposal/decision-card.tsx';
import { useProposal } from '../proposal/use-proposal.ts';
import { OpenFrame } from './open-frame.tsx';
import type { ActionPending, Pending, ProposalPending } from './pending.ts';

interface Ways {
  readonly onBack: () => void;
  readonly onNext: () => void;
}

/** What ids of actions begin with: the list may not have it any more. */
const ACTION = 'act_';

/** The decision that is open, with what can be done about it always in sight. */
export function OpenItem({
  id,
  known,
  ...ways
}: Ways & { readonly id: string; readonly known: Pending | undefined }) {
  if (known?.kind === 'action') return <OpenAction id={id} known={known} {...ways} />;
  if (known === undefined && id.startsWith(ACTION)) return <OpenAction id={id} known={undefined} {...ways} />;
  return <OpenProposal id={id} known={known} {...ways} />;
}

function OpenProposal({
  id,
  known,
  ...ways
}: Ways & { readonly id: string; readonly known: ProposalPending | undefined }) {
  const { data, error, refetch } = useProposal(id, known?.detail);
  return (
    <OpenFrame
      {...ways}
      error={error}
      onRetry={() => void refetch()}
      isDecided={data !== undefined && data.status !== 'pending_review'}
      card={data === undefined ? undefined : <DecisionCard detail={data} isLinked />}
      bar={data === undefined ? undefined : <DecisionBar detail={data} />}
    />
  );
}

function OpenAction({
  id,
  known,
  ...ways
}: Ways & { readonly id: string; readonly known: ActionPending | undefined }) {
  const { data, error, refetch } = useAction(id, known?.detail);
  return (
    <OpenFrame
      {...ways}
      error={error}
      onRetry={() => void refetch()}
      isDecided={data !== undefined && !isUndecided(data)}
      card={data === undefined ? undefined : <ActionCard detail={data} isLinked />}
      bar={data === undefined ? undefined : <ActionBar detail={data} />}
    />
  );
}
