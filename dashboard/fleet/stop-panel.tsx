import type { Freezes, PlacedFreeze } from '@countersign/client/fleet-api';
import { OctagonX, Play } from 'lucide-react';
import { useState } from 'react';
import { useMay, usePlane } from '../plane/plane-context.ts';
import { classes } from '../ui/classes.ts';
import { Foreign } from '../ui/value.tsx';
import { Until, When } from '../ui/when.tsx';
import { ActDialog } from './act-dialog.tsx';
import { LiftDialog } from './lift-dialog.tsx';
import { stopOfAll } from './standing.ts';
import { StopDrill } from './stop-drill.tsx';
import styles from './stop-panel.module.css';

/** The emergency stop of all work, and the way out of it. */
export function StopPanel({ freezes }: { readonly freezes: Freezes['freezes'] }) {
  const { fleet } = usePlane();
  const mayStop = useMay('emergency-stop');
  const mayLift = useMay('lift-freeze');
  const [asking, setAsking] = useState<'stop' | 'lift' | null>(null);
  const [placed, setPlaced] = useState<PlacedFreeze>();
  const stop = stopOfAll(freezes);
  const ends = placed?.freeze.freeze_id === stop?.freeze_id ? placed?.no_write_begins_after : undefined;
  const refused =
    stop === undefined
      ? mayStop
        ? undefined
        : 'Your roles do not include the emergency stop.'
      : mayLift
        ? undefined
        : 'Your roles do not include lifting it: owners, admins and operators may.';
  return (
    <section className={classes(styles.panel, stop !== undefined && styles.stopped)} aria-labelledby="stop">
      <div className={styles.control}>
        <div role="status">
          <h2 id="stop" className={styles.title}>
            {stop === undefined ? 'Emergency stop' : 'STOPPED'}
          </h2>
        </div>
        <button
          type="button"
          className={classes(styles.button, stop !== undefined && styles.lift)}
          aria-disabled={refused === undefined ? undefined : true}
          title={refused}
          onClick={() =>
            refused === undefined ? setAsking(stop === undefined ? 'stop' : 'lift') : undefined
          }
        >
          {stop === undefined ? <OctagonX size={26} aria-hidden /> : <Play size={24} aria-hidden />}
          {stop === undefined ? 'Stop all writing' : 'Lift the stop'}
        </button>
        {refused === undefined ? null : <p className={styles.refused}>{refused}</p>}
      </div>
      <div className={styles.words}>
        {stop === undefined ? (
          <p className={styles.lead}>Nothing is stopped. When in doubt, stop: nothing is lost by it.</p>
        ) : (
          <p className={styles.lead}>
            No work is handed out, and no lease is renewed. By{' '}
            <Foreign text={stop.placed_by_name ?? 'somebody'} />
            {stop.placed_at == null ? null : (
              <>
                , <When at={stop.placed_at} />
              </>
            )}
            : <Foreign text={stop.reason ?? 'no reason'} />
          </p>
        )}
        {ends === undefined ? null : (
          <p className={styles.countdown}>
            What was leased before may begin for <Until at={ends} over="no longer: that time is over" />.
          </p>
        )}
        <div className={styles.sides}>
          <div>
            <h3>What it does</h3>
            <ul>
              <li>From its turn on no change, rehearsal, action or task is handed out.</li>
              <li>
                No lease is renewed, so a runner begins no write later than ten seconds after it, also one
                that nothing reaches.
              </li>
              <li>Proposals and decisions go on. What is approved waits, and stands in the record.</li>
            </ul>
          </div>
          <div>
            <h3>What it cannot do</h3>
            <ul>
              <li>It does not undo what was written, and what has begun ends.</li>
              <li>An action that a runner had claimed before may still be sent.</li>
              <li>
                A runner of another make that knows no time to write by may begin until its lease is over.
              </li>
            </ul>
          </div>
        </div>
        <StopDrill />
      </div>
      {asking === 'stop' ? (
        <ActDialog
          draft="stop"
          title="Stop all writing"
          action="Stop now"
          look="danger"
          act={(reason, options) => fleet.stop(reason, undefined, options)}
          onDone={setPlaced}
          onClose={() => setAsking(null)}
        >
          <p>
            Every runner of this project is handed nothing more, from this moment until somebody lifts it.
            Nothing that waits is lost.
          </p>
        </ActDialog>
      ) : null}
      {asking === 'lift' && stop !== undefined ? (
        <LiftDialog freeze={stop} onClose={() => setAsking(null)} />
      ) : null}
    </section>
  );
}
