import type { ProposalDetail } from '@countersign/client/proposal-detail';
import { Notice } from '../ui/notice.tsx';
import { Foreign } from '../ui/value.tsx';

/** Why an open proposal goes no further now, and what would move it on. */
export function WaitingFor({ waiting }: Pick<ProposalDetail, 'waiting'>) {
  if (waiting == null) return null;
  return (
    <Notice
      title="Why is this waiting?"
      next={
        waiting.next == null ? undefined : (
          <>
            What moves it on: <Foreign text={waiting.next} />
          </>
        )
      }
    >
      <p>
        <Foreign text={waiting.why ?? 'it waits'} />
      </p>
    </Notice>
  );
}
