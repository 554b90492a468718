import type { VersionView } from '@countersign/client/contracts-api';
import { ShieldAlert } from 'lucide-react';
import { useState } from 'react';
import { actorTextOf } from '../format/actor-text.ts';
import sheet from '../in-force/sheet.module.css';
import { Button } from '../ui/button.tsx';
import { Chip } from '../ui/chip.tsx';
import { Foreign } from '../ui/value.tsx';
import { When } from '../ui/when.tsx';
import { versionName } from './chosen-version.ts';
import type { ContractSearch } from './contract-search.ts';

const SHOWN = 50;

interface Props {
  readonly versions: readonly VersionView[];
  readonly active: VersionView | undefined;
  readonly onOpen: (search: Partial<ContractSearch>) => void;
}

/** All versions, newest first. */
export function Versions({ versions, active, onOpen }: Props) {
  const [most, setMost] = useState(SHOWN);
  const newestFirst = versions.toReversed();
  return (
    <section className={sheet.part} aria-label="Versions">
      <div className={sheet.scroll}>
        <table className={sheet.table}>
          <thead>
            <tr>
              <th scope="col">Version</th>
              <th scope="col">State</th>
              <th scope="col" className={sheet.wide}>
                Pushed
              </th>
              <th scope="col" className={sheet.wide}>
                By
              </th>
              <th scope="col" className={sheet.wide}>
                When it came
              </th>
              <th scope="col">Look at</th>
            </tr>
          </thead>
          <tbody>
            {newestFirst.slice(0, most).map((version) => (
              <tr key={version.contract_version_id}>
                <th scope="row">
                  <Foreign text={versionName(version)} />
                </th>
                <td>{version === active ? <Chip tone="good">in force</Chip> : <Chip>not in force</Chip>}</td>
                <td className={sheet.wide}>
                  {version.pushed_at == null ? null : <When at={version.pushed_at} />}
                </td>
                <td className={sheet.wide}>
                  <span className={sheet.small}>
                    <Foreign text={actorTextOf(version.pushed_by ?? '')} />
                  </span>
                </td>
                <td className={sheet.wide}>
                  {version.risk_increasing === true ? (
                    <Chip tone="bad">
                      <ShieldAlert size={13} aria-hidden /> permitted more
                    </Chip>
                  ) : null}
                </td>
                <td>
                  <div className={sheet.row}>
                    <Button
                      isSmall
                      aria-label={`What ${versionName(version)} allows`}
                      onClick={() =>
                        onOpen({ tab: 'allows', version: version.contract_version_id, from: undefined })
                      }
                    >
                      Open
                    </Button>
                    <Button
                      isSmall
                      aria-label={`How ${versionName(version)} differs`}
                      onClick={() =>
                        onOpen({ tab: 'changes', version: version.contract_version_id, from: undefined })
                      }
                    >
                      Compare
                    </Button>
                  </div>
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      {newestFirst.length > most ? (
        <div>
          <Button onClick={() => setMost(most + SHOWN)}>Show older ones</Button>
        </div>
      ) : null}
    </section>
  );
}
