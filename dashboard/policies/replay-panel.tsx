import type { PolicyDetail } from '@countersign/client/policy-detail';
import { useState } from 'react';
import sheet from '../in-force/sheet.module.css';
import { useMay } from '../plane/plane-context.ts';
import { Button } from '../ui/button.tsx';
import { Fault } from '../ui/fault.tsx';
import { PageWait } from '../ui/page-wait.tsx';
import { ReplayNumbers } from './replay-numbers.tsx';
import { ReplayedProposals } from './replayed-proposals.tsx';
import { usePolicyReplay } from './use-policies.ts';

interface Props {
  readonly policy: PolicyDetail;
  /** Whether what stands in the editor is not what is saved. */
  readonly isChanged: boolean;
}

/** What the saved draft would have done with everything that was proposed so far. */
export function ReplayPanel({ policy, isChanged }: Props) {
  const mayReplay = useMay('replay-policy');
  const [isWanted, setWanted] = useState(false);
  const { data, error, isFetching, refetch } = usePolicyReplay(policy, isWanted && mayReplay);
  const replay = () => {
    if (isWanted) void refetch();
    else setWanted(true);
  };
  return (
    <section className={sheet.part} aria-label="Replay over history">
      <div className={sheet.head}>
        <h2>Replay over history</h2>
        <div className={sheet.ends}>
          <Button
            refusedBecause={
              mayReplay ? undefined : 'Whoever replays learns what proposals hold; your roles do not read it.'
            }
            disabled={isFetching}
            onClick={replay}
          >
            {isWanted ? 'Replay again' : 'Replay'}
          </Button>
        </div>
        <p className={sheet.about}>
          What the saved version, alone, would have done with the newest proposals, its limits counted day by
          day. Nothing is changed by it.
          {isChanged ? ' Save your changes first, if you want to see what they would do.' : ''}
        </p>
      </div>
      {error === null ? null : <Fault error={error} />}
      {isFetching && data === undefined ? <PageWait text="Replaying" /> : null}
      {data === undefined ? null : (
        <>
          <ReplayNumbers replay={data} />
          <ReplayedProposals replay={data} />
        </>
      )}
    </section>
  );
}
