import { useMutation } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { Button } from '../ui/button.tsx';
import { Fault } from '../ui/fault.tsx';
import { Notice } from '../ui/notice.tsx';
import { proposeSample } from './propose-sample.ts';
import styles from './provision.module.css';
import { SAMPLE_CAPABILITY, SAMPLE_ROW, type Sample } from './sample.ts';

interface Props {
  readonly label: string;
  readonly projectId: string;
  readonly sample: Sample;
}

/** The first proposal: an agent asks for it, whoever made the project decides, and their runner writes. */
export function FirstProposal({ label, projectId, sample }: Props) {
  const proposing = useMutation({
    mutationFn: (now: number) => proposeSample(projectId, sample, now, crypto.randomUUID()),
  });
  return (
    <section className={styles.part} aria-label="The first proposal">
      <h2>A first proposal, on the sample data</h2>
      <ol className={styles.list}>
        <li>
          A contract comes into force that lets an agent propose one thing: <code>{SAMPLE_CAPABILITY}</code>,
          another note for a row of the sample table.
        </li>
        <li>
          An agent is made that counts for an hour. This page proposes with its token, for{' '}
          <code>{SAMPLE_ROW}</code>, keeps the token in memory only, and forgets it.
        </li>
        <li>
          You see the row before and after, as your runner has tried it, and decide. Then it writes, once.
        </li>
      </ol>
      {proposing.error === null ? null : <Fault error={proposing.error} />}
      {proposing.data === undefined ? (
        <div>
          <Button look="main" disabled={proposing.isPending} onClick={() => proposing.mutate(Date.now())}>
            Let the sample agent propose
          </Button>
        </div>
      ) : (
        <div role="status">
          <Notice
            tone="good"
            title="It is proposed, and waits for you."
            next={
              <Link
                to="/t/$project/proposals/$proposalId"
                params={{ project: label, proposalId: proposing.data }}
              >
                Look at it, and decide
              </Link>
            }
          />
        </div>
      )}
    </section>
  );
}
