import { printableJson } from '@countersign/client/printable';
import type { LedgerEntry } from '@countersign/protocol/ledger';
import { Link } from '@tanstack/react-router';
import { X } from 'lucide-react';
import { usePlane } from '../plane/plane-context.ts';
import { Button } from '../ui/button.tsx';
import { useKeys } from '../ui/use-keys.ts';
import { Foreign } from '../ui/value.tsx';
import { When } from '../ui/when.tsx';
import styles from './entry-panel.module.css';

const OF_A_PROPOSAL = /^wrp_[^/]+$/;

interface Props {
  readonly entry: LedgerEntry;
  readonly onClose: () => void;
}

/** One entry with all that is hashed, as it is. */
export function EntryPanel({ entry, onClose }: Props) {
  const { address } = usePlane();
  useKeys({ escape: onClose });
  const { actor, at, body, hash, prev_hash, prev_subject_hash, prev_subject_seq, seq, subject, type } = entry;
  const facts: readonly (readonly [string, string])[] = [
    ['by', `${actor.kind} ${actor.id}`],
    ['hash', hash],
    ['after', prev_hash],
    [
      'of its subject after',
      prev_subject_seq === null
        ? 'nothing: it is the first'
        : `${prev_subject_seq}, ${prev_subject_hash ?? ''}`,
    ],
  ];
  return (
    <section className={styles.panel} aria-labelledby="entry">
      <header className={styles.head}>
        <h2 id="entry">
          {seq} <Foreign text={type} />
        </h2>
        <Button isSmall look="plain" aria-label="Close the entry" onClick={onClose}>
          <X size={16} aria-hidden />
        </Button>
      </header>
      <p className={styles.about}>
        <When at={at} /> ·{' '}
        {OF_A_PROPOSAL.test(subject) ? (
          <Link to="/t/$project/proposals/$proposalId" params={{ project: address, proposalId: subject }}>
            <Foreign text={subject} />
          </Link>
        ) : (
          <Foreign text={subject} />
        )}
      </p>
      <dl className={styles.facts}>
        {facts.map(([name, text]) => (
          <div key={name}>
            <dt>{name}</dt>
            <dd>
              <Foreign text={text} />
            </dd>
          </div>
        ))}
      </dl>
      <h3>Body</h3>
      <pre className={styles.body}>
        <bdi>{printableJson(body)}</bdi>
      </pre>
    </section>
  );
}
