import type { RunnerView } from '@countersign/client/fleet-api';
import { useMutation } from '@tanstack/react-query';
import { useState } from 'react';
import { useMay, usePlane } from '../plane/plane-context.ts';
import { Button } from '../ui/button.tsx';
import { Fault } from '../ui/fault.tsx';
import { ActDialog } from './act-dialog.tsx';
import { FreezeDialog } from './freeze-dialog.tsx';
import styles from './runners.module.css';

type Asking = 'drain' | 'undo' | 'freeze' | 'stop' | 'archive';

/** What can be done with one runner. */
export function RunnerWays({ runner }: { readonly runner: RunnerView }) {
  const { runner_id, status } = runner;
  const { fleet } = usePlane();
  const mayDrain = useMay('drain-runner');
  const mayFreeze = useMay('place-freeze');
  const mayStop = useMay('emergency-stop');
  const mayPing = useMay('ping-runner');
  const mayArchive = useMay('archive-runner');
  const [asking, setAsking] = useState<Asking | null>(null);
  const ping = useMutation({ mutationFn: () => fleet.ping(runner_id) });
  const close = () => setAsking(null);
  const isOut = status === 'draining';
  const isGone = status === 'archived';
  const unless = (may: boolean, what: string) => (may ? undefined : `Your roles do not include ${what}.`);
  return (
    <>
      <div className={styles.ways}>
        {isGone ? null : (
          <>
            <Button
              isSmall
              refusedBecause={unless(mayDrain, 'draining')}
              onClick={() => setAsking(isOut ? 'undo' : 'drain')}
            >
              {isOut ? 'Put back' : 'Drain'}
            </Button>
            <Button
              isSmall
              refusedBecause={unless(mayFreeze, 'freezing')}
              onClick={() => setAsking('freeze')}
            >
              Freeze
            </Button>
            <Button
              isSmall
              look="danger"
              refusedBecause={unless(mayStop, 'the emergency stop')}
              onClick={() => setAsking('stop')}
            >
              Stop
            </Button>
            <Button
              isSmall
              refusedBecause={unless(mayPing, 'asking a runner')}
              disabled={ping.isPending}
              onClick={() => ping.mutate()}
            >
              Ping
            </Button>
            <Button
              isSmall
              refusedBecause={unless(mayArchive, 'archiving')}
              onClick={() => setAsking('archive')}
            >
              Archive
            </Button>
          </>
        )}
      </div>
      <p className={styles.note} role="status">
        {ping.isPending ? 'Asking; ten seconds at most.' : null}
        {ping.data === undefined ? null : pingText(ping.data)}
      </p>
      {ping.error === null ? null : <Fault error={ping.error} />}
      {asking === 'freeze' ? <FreezeDialog kind="runner" id={runner_id} onClose={close} /> : null}
      {asking === null || asking === 'freeze' ? null : (
        <RunnerAct key={asking} deed={asking} runnerId={runner_id} onClose={close} />
      )}
    </>
  );
}

function pingText({
  is_polling,
  round_trip_ms,
}: {
  readonly is_polling: boolean;
  readonly round_trip_ms: number | null;
}): string {
  if (round_trip_ms !== null) return `There and back in ${round_trip_ms} ms.`;
  return is_polling ? 'It did not come back within 10 s.' : 'It holds no poll, so it cannot be asked.';
}

const deeds = {
  drain: {
    title: 'Drain',
    action: 'Take it out of service',
    text: 'It finishes what it holds and is handed nothing more, until somebody puts it back or its process starts anew. Other runners take its work.',
  },
  undo: {
    title: 'Put back',
    action: 'Put it back into service',
    text: 'It is handed work again from now on.',
  },
  stop: {
    title: 'Stop',
    action: 'Stop this runner',
    text: 'It is handed nothing more and gets no renewal, until somebody lifts it: no write of it begins later than ten seconds from now. Other runners take its work.',
  },
  archive: {
    title: 'Archive',
    action: 'Archive it',
    text: 'It is handed nothing more, and is not among those that are expected. A start of its process brings it back; its name stays in the record.',
  },
} as const;

interface ActProps {
  readonly deed: keyof typeof deeds;
  readonly runnerId: string;
  readonly onClose: () => void;
}

function RunnerAct({ deed, runnerId, onClose }: ActProps) {
  const { fleet } = usePlane();
  const { action, text, title } = deeds[deed];
  return (
    <ActDialog
      draft={`${deed}.${runnerId}`}
      title={`${title}: ${runnerId}`}
      action={action}
      look={deed === 'stop' || deed === 'archive' ? 'danger' : 'main'}
      act={async (reason, options) => {
        if (deed === 'stop') await fleet.stop(reason, runnerId, options);
        else if (deed === 'archive') await fleet.archive(runnerId, reason, options);
        else await fleet.drain(runnerId, { reason, undo: deed === 'undo' }, options);
      }}
      onClose={onClose}
    >
      <p>{text}</p>
    </ActDialog>
  );
}
