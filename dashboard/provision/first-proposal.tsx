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

/** The first proposal: an agent asks, another person decides, and the newcomer's own runner writes. */
export function FirstProposal({ label, projectId, sample }: Props) {
  const proposing = useMutation({ mutationFn: (now: number) => proposeSample(projectId, sample, now) });
  return (
    <section className={styles.part} aria-label="The first proposal">
      <h2>A first proposal, on the sample data</h2>
      <ol className={styles.list}>
        <li>
          <p>
            A contract comes into force that lets an agent propose one thing: <code>{SAMPLE_CAPABILITY}</code>{' '}
            of a row of the sample table.
          </p>
        </li>
        <li>
          <p>
            An agent is made that counts for an hour. This page proposes with its token, for{' '}
            <code>{SAMPLE_ROW}</code>, keeps the token in memory only, and forgets it. Your runner tries it on
            the row.
          </p>
        </li>
        <li>
          <p>
            Whoever made an agent cannot approve what it proposes:{' '}
            <Link to="/t/$project/settings" params={{ project: label }} search={{ part: 'members' }}>
              invite an approver
            </Link>
            . Once they approve, your runner writes, once.
          </p>
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
            title="It is proposed, and waits for an approver other than you."
            next={
              <Link
                to="/t/$project/proposals/$proposalId"
                params={{ project: label, proposalId: proposing.data }}
              >
                Look at it
              </Link>
            }
          />
        </div>
      )}
    </section>
  );
}
