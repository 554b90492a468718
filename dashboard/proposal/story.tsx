import type { ProposalDetail } from '@countersign/client/proposal-detail';
import { ShieldCheck, ShieldX } from 'lucide-react';
import { actorText } from '../format/actor-text.ts';
import { useMay } from '../plane/plane-context.ts';
import { Fault } from '../ui/fault.tsx';
import { Foreign } from '../ui/value.tsx';
import { When } from '../ui/when.tsx';
import styles from './story.module.css';
import { useStory } from './use-story.ts';

/** Everything that happened to a proposal, in order, with its chain verified here in the browser. */
export function Story({ detail }: { readonly detail: ProposalDetail }) {
  const mayRead = useMay('replay-proposal');
  const { data, error, refetch } = useStory(detail);
  if (!mayRead) return null;
  return (
    <section className={styles.story} aria-labelledby="story">
      <h2 id="story">What happened</h2>
      {error === null ? null : <Fault error={error} onRetry={() => void refetch()} />}
      {data === undefined ? null : (
        <>
          <p className={data.isVerified ? styles.verified : styles.broken}>
            {data.isVerified ? <ShieldCheck size={17} aria-hidden /> : <ShieldX size={17} aria-hidden />}
            {data.isVerified
              ? `The chain of its ${data.steps.length} entries was verified here, in your browser.`
              : 'The chain of its entries does not verify. Do not decide by it, and tell whoever runs this plane.'}
          </p>
          <ol className={styles.steps}>
            {data.steps.map(({ actor, at, phase, seq, type }) => (
              <li key={seq} data-phase={phase}>
                <p className={styles.type}>
                  <Foreign text={type} /> <span className={styles.seq}>#{seq}</span>
                </p>
                <p className={styles.who}>
                  <When at={at} /> · <Foreign text={actorText(actor.kind, actor.id)} />
                </p>
              </li>
            ))}
          </ol>
        </>
      )}
    </section>
  );
}
