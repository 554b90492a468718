import type { ProposalDetail } from '@countersign/client/proposal-detail';
import { sentence } from '../format/sentence.ts';
import { Notice } from '../ui/notice.tsx';
import { Told } from '../ui/told.tsx';

/** Why an open proposal goes no further now, and what would move it on. */
export function WaitingFor({ waiting }: Pick<ProposalDetail, 'waiting'>) {
  if (waiting == null) return null;
  return (
    <Notice
      title="Why is this waiting?"
      next={
        waiting.next == null ? undefined : (
          <>
            What moves it on: <Told text={waiting.next} />
          </>
        )
      }
    >
      <p>
        <Told text={sentence(waiting.why ?? 'it waits')} />
      </p>
    </Notice>
  );
}
