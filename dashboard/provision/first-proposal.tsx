import { useMutation } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { Button } from '../ui/button.tsx';
import { Fault } from '../ui/fault.tsx';
import { Notice } from '../ui/notice.tsx';
import { proposeSample } from './propose-sample.ts';
import styles from './provision.module.css';
import {
  LARGE_QUANTITY,
  SAMPLE_CAPABILITY,
  SAMPLE_ROLE,
  SAMPLE_ROW,
  type Sample,
  SMALL_QUANTITY,
} from './sample.ts';

interface Props {
  readonly label: string;
  readonly projectId: string;
  readonly sample: Sample;
}

/** The first proposal: an agent asks, a policy or another person decides, and the newcomer's own runner writes. */
export function FirstProposal({ label, projectId, sample }: Props) {
  const proposing = useMutation({
    mutationFn: (quantity: number) => proposeSample(projectId, sample, quantity, Date.now()),
  });
  const propose = (quantity: number) => proposing.mutate(quantity);
  const isSmall = proposing.variables === SMALL_QUANTITY;
  return (
    <section className={styles.part} aria-label="The first proposal">
      <h2>A first proposal, on the sample data</h2>
      <ol className={styles.list}>
        <li>
          <p>
            A contract comes into force that lets an agent propose one thing: <code>{SAMPLE_CAPABILITY}</code>{' '}
            of a row of the sample table. Its policy lets small quantities through; a person decides the
            others.
          </p>
        </li>
        <li>
          <p>
            An agent is made that counts for an hour. This page proposes with its token, for{' '}
            <code>{SAMPLE_ROW}</code>, keeps the token in memory only, and forgets it.
          </p>
        </li>
        <li>
          <p>
            Your runner tries it on the row, and writes it once it is countersigned. What an agent of yours
            proposes you cannot approve yourself: for the large one,{' '}
            <Link to="/t/$project/settings" params={{ project: label }} search={{ part: 'members' }}>
              invite an approver
            </Link>{' '}
            with the approval role <code>{SAMPLE_ROLE}</code>.
          </p>
        </li>
      </ol>
      {proposing.error === null ? null : <Fault error={proposing.error} />}
      <div className={styles.ways}>
        <Button look="main" disabled={proposing.isPending} onClick={() => propose(SMALL_QUANTITY)}>
          Propose {SMALL_QUANTITY}: the policy decides
        </Button>
        <Button disabled={proposing.isPending} onClick={() => propose(LARGE_QUANTITY)}>
          Propose {LARGE_QUANTITY}: a person decides
        </Button>
      </div>
      {proposing.data === undefined ? null : (
        <div role="status">
          <Notice
            tone="good"
            title={
              isSmall ? 'It is proposed; the policy decides.' : 'It is proposed, and waits for an approver.'
            }
            next={
              <Link
                to="/t/$project/proposals/$proposalId"
                params={{ project: label, proposalId: proposing.data }}
              >
                See what became of it
              </Link>
            }
          />
        </div>
      )}
    </section>
  );
}
