import type { VersionView } from '@countersign/client/contracts-api';
import { printable } from '@countersign/client/printable';
import { History, Power } from 'lucide-react';
import { useState } from 'react';
import { actorTextOf } from '../format/actor-text.ts';
import sheet from '../in-force/sheet.module.css';
import { useMay } from '../plane/plane-context.ts';
import { Button } from '../ui/button.tsx';
import { Chip } from '../ui/chip.tsx';
import { Notice } from '../ui/notice.tsx';
import { Foreign } from '../ui/value.tsx';
import { When } from '../ui/when.tsx';
import { type Chosen, isOlder, versionName } from './chosen-version.ts';
import { SwitchVersionDialog } from './switch-version-dialog.tsx';
import styles from './version-head.module.css';

interface Props {
  readonly contractId: string;
  readonly versions: readonly VersionView[];
  readonly chosen: Chosen & { readonly version: VersionView };
  readonly onChoose: (versionId: string) => void;
}

/** Which version the page shows, how it stands, and the way to bring it into force. */
export function VersionHead({ contractId, versions, chosen, onChoose }: Props) {
  const { active, version } = chosen;
  const mayActivate = useMay('activate-contract');
  const [isAsking, setAsking] = useState(false);
  const [done, setDone] = useState<string>();
  const isActive = version === active;
  const goesBack = isOlder(version, active);
  return (
    <>
      <div className={styles.head}>
        <label className={sheet.pick}>
          Version
          <select value={version.contract_version_id} onChange={(event) => onChoose(event.target.value)}>
            {versions.toReversed().map((one) => (
              <option key={one.contract_version_id} value={one.contract_version_id}>
                {printable(versionName(one))}
                {one === active ? ', in force' : ''}
              </option>
            ))}
          </select>
        </label>
        <Chip tone={isActive ? 'good' : undefined}>{isActive ? 'in force' : 'not in force'}</Chip>
        <p className={sheet.facts}>
          {version.pushed_at == null ? null : (
            <span>
              pushed <When at={version.pushed_at} />
            </span>
          )}
          {version.pushed_by == null ? null : (
            <span>
              by <Foreign text={actorTextOf(version.pushed_by)} />
            </span>
          )}
        </p>
        <div className={sheet.ends}>
          <Button
            look={goesBack ? undefined : 'main'}
            refusedBecause={
              isActive
                ? 'It is in force.'
                : mayActivate
                  ? undefined
                  : 'Owners and admins bring versions into force.'
            }
            onClick={() => {
              setDone(undefined);
              setAsking(true);
            }}
          >
            {goesBack ? <History size={16} aria-hidden /> : <Power size={16} aria-hidden />}
            {goesBack ? 'Roll back to it' : 'Activate'}
          </Button>
        </div>
        <code className={sheet.digest}>
          <Foreign text={version.digest ?? ''} />
        </code>
      </div>
      <div role="status" className={sheet.done}>
        {done === undefined ? null : <Notice tone="good" title={done} />}
      </div>
      {isAsking ? (
        <SwitchVersionDialog
          contractId={contractId}
          version={version}
          active={active}
          onDone={() => {
            setAsking(false);
            setDone(`${printable(versionName(version))} is in force.`);
          }}
          onClose={() => setAsking(false)}
        />
      ) : null}
    </>
  );
}
