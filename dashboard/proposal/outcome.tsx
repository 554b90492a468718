import type { ProposalDetail } from '@countersign/client/proposal-detail';
import { sentence } from '../format/sentence.ts';
import { Notice } from '../ui/notice.tsx';
import { Foreign } from '../ui/value.tsx';
import { When } from '../ui/when.tsx';
import { WaitingFor } from './waiting-for.tsx';

/** What became of it, or what it waits for besides a decision. */
export function Outcome({ detail }: { readonly detail: ProposalDetail }) {
  const { advice, result, status, waiting } = detail;
  if (status === 'pending_review') return null;
  if (status === 'applied') {
    return (
      <Notice tone="good" title="The row was written, once.">
        {result?.completed_at == null ? null : (
          <p>
            <When at={result.completed_at} /> by <Foreign text={result.runner_id ?? 'a runner'} />
          </p>
        )}
      </Notice>
    );
  }
  if (advice != null) {
    return (
      <Notice
        tone={status === 'conflict' || status === 'failed' ? 'bad' : 'warn'}
        title={<Foreign text={sentence(advice.message ?? `it is ${status}`)} />}
        next={advice.next == null ? undefined : <Foreign text={sentence(advice.next)} />}
      />
    );
  }
  return <WaitingFor waiting={waiting} />;
}
