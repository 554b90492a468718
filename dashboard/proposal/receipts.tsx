import type { ProposalDetail } from '@countersign/client/proposal-detail';
import { Chip } from '../ui/chip.tsx';
import { StateChip } from '../ui/state-chip.tsx';
import { Foreign } from '../ui/value.tsx';
import { When } from '../ui/when.tsx';
import { type Receipt, receiptsOf } from './attempts.ts';
import line from './facts-line.module.css';
import styles from './facts-table.module.css';
import { useStory } from './use-story.ts';

/** What runners reported that the database did. */
export function Receipts({ detail }: { readonly detail: ProposalDetail }) {
  const { data } = useStory(detail);
  const receipts = receiptsOf(data?.entries ?? []);
  if (receipts.length === 0) return null;
  return (
    <section className={styles.section} aria-labelledby="receipts">
      <h2 id="receipts">Receipts</h2>
      <ul className={styles.list}>
        {receipts.map((receipt) => (
          <ReceiptLine key={receipt.seq} receipt={receipt} />
        ))}
      </ul>
    </section>
  );
}

function ReceiptLine({ receipt }: { readonly receipt: Receipt }) {
  const { at, errorCode, hash, isRefused, rows, runner, seq, status, version } = receipt;
  const facts: readonly (readonly [string, string | undefined])[] = [
    ['receipt', hash],
    ['row’s version', version],
    ['rows', rows?.toString()],
    ['code', errorCode],
    ['runner', runner],
    ['entry', `#${seq}`],
  ];
  return (
    <li className={styles.line}>
      <p className={styles.first}>
        <StateChip state={status} />
        {isRefused ? <Chip tone="bad">not taken: another outcome stands</Chip> : null}
        <span className={styles.soft}>
          <When at={at} />
        </span>
      </p>
      <dl className={line.facts}>
        {facts.map(([name, value]) =>
          value === undefined ? null : (
            <div key={name}>
              <dt>{name}</dt>
              <dd>
                <Foreign text={value} />
              </dd>
            </div>
          ),
        )}
      </dl>
    </li>
  );
}
