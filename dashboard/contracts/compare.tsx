import type { VersionView } from '@countersign/client/contracts-api';
import { printable } from '@countersign/client/printable';
import { ArrowRight } from 'lucide-react';
import sheet from '../in-force/sheet.module.css';
import { Fault } from '../ui/fault.tsx';
import { PageWait } from '../ui/page-wait.tsx';
import { ChangeList } from './change-list.tsx';
import { versionName } from './chosen-version.ts';
import styles from './compare.module.css';
import type { ContractSearch } from './contract-search.ts';
import { countText, orderChanges } from './order-changes.ts';
import { useVersionDiff } from './use-contract.ts';

interface Props {
  readonly contractId: string;
  readonly versions: readonly VersionView[];
  readonly from: VersionView | undefined;
  readonly to: VersionView;
  readonly onChoose: (search: Partial<ContractSearch>) => void;
}

/** Any two versions side by side: what permits more comes first. */
export function Compare({ contractId, versions, from, to, onChoose }: Props) {
  const { data, error, refetch } = useVersionDiff(
    contractId,
    from?.contract_version_id,
    to.contract_version_id,
  );
  if (from === undefined) {
    return (
      <div className={sheet.empty}>
        <h2>Nothing to compare it with</h2>
        <p>This is the first version. Push another, and what it says differently stands here.</p>
      </div>
    );
  }
  const pick = (label: string, value: VersionView, choose: (id: string) => void) => (
    <label className={sheet.pick}>
      {label}
      <select value={value.contract_version_id} onChange={(event) => choose(event.target.value)}>
        {versions.toReversed().map((one) => (
          <option key={one.contract_version_id} value={one.contract_version_id}>
            {printable(versionName(one))}
          </option>
        ))}
      </select>
    </label>
  );
  const { others, risky } = orderChanges(data?.changes ?? []);
  const names = { from: versionName(from), to: versionName(to) };
  return (
    <section className={sheet.part} aria-label="Differences between two versions">
      <div className={styles.picks}>
        {pick('From', from, (id) => onChoose({ from: id }))}
        <ArrowRight size={16} aria-hidden />
        {pick('to', to, (id) => onChoose({ version: id, from: from.contract_version_id }))}
      </div>
      {error === null ? null : <Fault error={error} onRetry={() => void refetch()} />}
      {data === undefined ? (
        error === null ? (
          <PageWait text="Comparing" />
        ) : null
      ) : (
        <>
          <p role="status">{from === to ? 'It is the same version.' : `${countText(data.changes)}.`}</p>
          {risky.length === 0 ? null : (
            <>
              <h2 className={styles.risky}>What permits more</h2>
              <ChangeList changes={risky} {...names} />
            </>
          )}
          {others.length === 0 ? null : (
            <>
              <h2>Everything else</h2>
              <ChangeList changes={others} {...names} />
            </>
          )}
        </>
      )}
    </section>
  );
}
