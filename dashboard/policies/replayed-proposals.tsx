import type { ReplayDetail } from '@countersign/client/policy-replay';
import { Link } from '@tanstack/react-router';
import { useState } from 'react';
import { usePlane } from '../plane/plane-context.ts';
import { Button } from '../ui/button.tsx';
import { Foreign } from '../ui/value.tsx';
import styles from './replayed-proposals.module.css';

const SHOWN = 20;

/** The proposals of a replay, newest first, each led to; what people rejected comes first. */
export function ReplayedProposals({ replay }: { readonly replay: ReplayDetail }) {
  const { approved, asked, refused, rejectedByPeople } = replay;
  return (
    <div className={styles.lists}>
      <Group title="Would have been approved, and people rejected" ids={rejectedByPeople} isBad />
      <Group title="Would have been approved" ids={approved} />
      <Group title="Would have been asked about" ids={asked} />
      <Group title="Would have been refused" ids={refused} />
    </div>
  );
}

interface Props {
  readonly title: string;
  readonly ids: readonly string[];
  readonly isBad?: boolean;
}

function Group({ title, ids, isBad = false }: Props) {
  const { address } = usePlane();
  const [most, setMost] = useState(SHOWN);
  if (ids.length === 0) return null;
  return (
    <details className={styles.group} open={isBad}>
      <summary data-bad={isBad || undefined}>
        {title}: {ids.length.toLocaleString()}
      </summary>
      <ul>
        {ids
          .toReversed()
          .slice(0, most)
          .map((id) => (
            <li key={id}>
              <Link to="/t/$project/proposals/$proposalId" params={{ project: address, proposalId: id }}>
                <Foreign text={id} />
              </Link>
            </li>
          ))}
      </ul>
      {ids.length > most ? (
        <Button isSmall onClick={() => setMost(most + SHOWN)}>
          Show more
        </Button>
      ) : null}
    </details>
  );
}
