import type { FreezeView } from '@countersign/client/fleet-api';
import { Snowflake } from 'lucide-react';
import { useState } from 'react';
import { useMay } from '../plane/plane-context.ts';
import { Button } from '../ui/button.tsx';
import { Chip } from '../ui/chip.tsx';
import { Foreign } from '../ui/value.tsx';
import { Until, When } from '../ui/when.tsx';
import { FreezeDialog } from './freeze-dialog.tsx';
import { LiftDialog } from './lift-dialog.tsx';
import styles from './section.module.css';
import { scopeText } from './standing.ts';

/** What holds a part of the work back. */
export function Freezes({ freezes }: { readonly freezes: readonly FreezeView[] }) {
  const mayFreeze = useMay('place-freeze');
  const mayLift = useMay('lift-freeze');
  const [isFreezing, setFreezing] = useState(false);
  const [lifting, setLifting] = useState<FreezeView>();
  return (
    <section className={styles.section} aria-labelledby="freezes">
      <div className={styles.head}>
        <h2 id="freezes">Freezes</h2>
        <span className={styles.end}>
          <Button
            isSmall
            refusedBecause={mayFreeze ? undefined : 'Your roles do not include freezing.'}
            onClick={() => setFreezing(true)}
          >
            <Snowflake size={15} aria-hidden /> Freeze a part
          </Button>
        </span>
      </div>
      <div className={styles.box}>
        {freezes.length === 0 ? (
          <p className={styles.empty}>
            Nothing is held back. A freeze holds back what is of one source, contract, agent or runner until
            its time, or until somebody lifts it.
          </p>
        ) : (
          <ol>
            {freezes.map((freeze) => (
              <li key={freeze.freeze_id} className={styles.line}>
                <p className={styles.first}>
                  <span className={styles.name}>
                    <Foreign text={scopeText(freeze)} />
                  </span>
                  <Chip tone={freeze.is_stop ? 'bad' : 'warn'}>{freeze.is_stop ? 'stop' : 'freeze'}</Chip>
                  {freeze.state === 'lifting' ? <Chip>being lifted</Chip> : null}
                </p>
                <p className={styles.second}>
                  <Foreign text={freeze.reason ?? 'no reason'} />
                </p>
                <p className={styles.second}>
                  <Foreign text={freeze.placed_by_name ?? 'somebody'} />
                  {freeze.placed_at == null ? null : (
                    <>
                      , <When at={freeze.placed_at} />
                    </>
                  )}
                  {freeze.until == null ? (
                    ', until it is lifted'
                  ) : (
                    <>
                      , for <Until at={freeze.until} over="no longer" />
                    </>
                  )}
                </p>
                <div className={styles.ways}>
                  <Button
                    isSmall
                    aria-label={`Lift the ${freeze.is_stop ? 'stop' : 'freeze'} of ${scopeText(freeze)}`}
                    disabled={freeze.state === 'lifting'}
                    refusedBecause={mayLift ? undefined : 'Your roles do not include lifting.'}
                    onClick={() => setLifting(freeze)}
                  >
                    Lift
                  </Button>
                </div>
              </li>
            ))}
          </ol>
        )}
      </div>
      {isFreezing ? <FreezeDialog onClose={() => setFreezing(false)} /> : null}
      {lifting === undefined ? null : <LiftDialog freeze={lifting} onClose={() => setLifting(undefined)} />}
    </section>
  );
}
