import { printableJson } from '@countersign/client/printable';
import type { RunDetail, StepDetail } from '@countersign/client/run-detail';
import { ledgerEntrySchema } from '@countersign/protocol/ledger-entry';
import { useQuery } from '@tanstack/react-query';
import { useMay, usePlane } from '../plane/plane-context.ts';
import { Button } from '../ui/button.tsx';
import { Dialog } from '../ui/dialog.tsx';
import { Fault } from '../ui/fault.tsx';
import { PageWait } from '../ui/page-wait.tsx';
import { Foreign } from '../ui/value.tsx';
import { When } from '../ui/when.tsx';
import styles from './entry-dialog.module.css';
import { StepLink } from './step-link.tsx';

interface Props {
  readonly run: RunDetail;
  readonly seq: number;
  /** The step in whose story it is cited. */
  readonly step: StepDetail | undefined;
  readonly onClose: () => void;
}

/** One entry of the ledger: from the run where it is about that, else from the ledger where that may be read. */
export function EntryDialog({ run, seq, step, onClose }: Props) {
  const { projectId, record } = usePlane();
  const mayRead = useMay('read-ledger');
  const own = run.entries?.find((entry) => entry.seq === seq);
  const read = useQuery({
    queryKey: [projectId, 'entry', seq],
    queryFn: async ({ signal }) => {
      const { entries } = await record.entries(seq - 1, 1, { signal });
      return ledgerEntrySchema.parse(entries[0]);
    },
    enabled: own === undefined && mayRead,
    staleTime: Number.POSITIVE_INFINITY,
  });
  const entry = own ?? read.data;
  return (
    <Dialog title={`Entry ${seq} of the ledger`} isOpen onClose={onClose}>
      {read.error === null ? null : <Fault error={read.error} />}
      {own === undefined && !mayRead ? (
        <p>
          It belongs to the story of what a step is, and your roles do not include reading the whole ledger.
        </p>
      ) : null}
      {own === undefined && mayRead && read.isPending ? <PageWait /> : null}
      {entry === undefined ? null : (
        <>
          <dl className={styles.facts}>
            <div>
              <dt>What</dt>
              <dd>{entry.type}</dd>
            </div>
            <div>
              <dt>When</dt>
              <dd>
                <When at={entry.at} />
              </dd>
            </div>
            <div>
              <dt>Who</dt>
              <dd>
                <Foreign text={`${entry.actor.kind} ${entry.actor.id}`} />
              </dd>
            </div>
            <div>
              <dt>About</dt>
              <dd>
                <Foreign text={entry.subject} />
              </dd>
            </div>
            <div>
              <dt>Hash</dt>
              <dd>
                <code>{entry.hash}</code>
              </dd>
            </div>
          </dl>
          <pre className={styles.body}>
            <bdi>{printableJson(entry.body)}</bdi>
          </pre>
        </>
      )}
      <div className={styles.ends}>
        {step?.linked == null ? null : (
          <StepLink step={step} className={styles.linked}>
            Open the {step.kind} of step {step.number}
          </StepLink>
        )}
        <Button onClick={onClose}>Close</Button>
      </div>
    </Dialog>
  );
}
