import type { ContractChange } from '@countersign/client/contracts-api';
import { ShieldAlert } from 'lucide-react';
import { Chip } from '../ui/chip.tsx';
import { Foreign, Value } from '../ui/value.tsx';
import styles from './change-list.module.css';
import { changePlace, changeTitle } from './order-changes.ts';

interface Props {
  readonly changes: readonly ContractChange[];
  /** What stands on either side. */
  readonly from: string;
  readonly to: string;
}

/** Changes between two versions, each with what the one says beside what the other says. */
export function ChangeList({ changes, from, to }: Props) {
  return (
    <ol className={styles.list}>
      {changes.map((change, place) => (
        // A path may change in several ways, and a list of changes never does.
        // biome-ignore lint/suspicious/noArrayIndexKey: their order is the plane's
        <li key={place} className={styles.change} data-risky={change.risk_increasing === true || undefined}>
          <div className={styles.what}>
            {change.risk_increasing === true ? (
              <Chip tone="bad">
                <ShieldAlert size={13} aria-hidden /> permits more
              </Chip>
            ) : null}
            <strong>{changeTitle(change)}</strong>
            <span className={styles.where}>
              <Foreign text={changePlace(change)} />
            </span>
          </div>
          {change.before === undefined && change.after === undefined ? null : (
            <dl className={styles.sides}>
              <Side title={from} value={change.before} />
              <Side title={to} value={change.after} isAfter />
            </dl>
          )}
        </li>
      ))}
    </ol>
  );
}

function Side({
  title,
  value,
  isAfter = false,
}: {
  readonly title: string;
  readonly value: unknown;
  readonly isAfter?: boolean;
}) {
  return (
    <div className={isAfter ? styles.after : styles.before}>
      <dt>
        <Foreign text={title} />
      </dt>
      <dd>
        {value === undefined ? (
          <span className={styles.nothing}>not there</span>
        ) : (
          <SmallValue value={value} />
        )}
      </dd>
    </div>
  );
}

/** Lists are shown entry by entry. */
function SmallValue({ value }: { readonly value: unknown }) {
  if (!Array.isArray(value)) return <Value value={value} />;
  return value.length === 0 ? (
    <span className={styles.nothing}>none</span>
  ) : (
    <Foreign text={value.map(String).join(', ')} />
  );
}
