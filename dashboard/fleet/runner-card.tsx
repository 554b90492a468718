import type { RunnerView } from '@countersign/client/fleet-api';
import { Chip } from '../ui/chip.tsx';
import { StateChip } from '../ui/state-chip.tsx';
import { Foreign } from '../ui/value.tsx';
import { Since, When } from '../ui/when.tsx';
import { RunnerWays } from './runner-ways.tsx';
import styles from './runners.module.css';
import { heldText } from './standing.ts';

/** One runner: how it stands, what it covers and holds, and what can be done with it. */
export function RunnerCard({ runner }: { readonly runner: RunnerView }) {
  const { drained, engines, frozen, is_polling, last_seen_at, runner_id, runner_version } = runner;
  const { safe_to_stop, source_ids, started_at, status } = runner;
  return (
    <li className={styles.runner}>
      <div className={styles.head}>
        <h3>
          <Foreign text={runner_id} />
        </h3>
        <StateChip state={status} />
        {frozen == null ? null : <Chip tone="bad">{frozen.is_stop ? 'stopped' : 'frozen'}</Chip>}
        {safe_to_stop === true ? <Chip tone="good">safe to stop</Chip> : null}
        <span className={styles.heard}>
          {is_polling === true ? (
            'waits for work'
          ) : last_seen_at == null ? (
            'never heard of'
          ) : (
            <>
              heard <Since at={last_seen_at} /> ago
            </>
          )}
        </span>
      </div>
      <dl className={styles.facts}>
        <div>
          <dt>sources</dt>
          <dd>
            <Foreign text={(source_ids ?? []).join(', ') || 'none'} />
          </dd>
        </div>
        <div>
          <dt>holds</dt>
          <dd>{heldText(runner)}</dd>
        </div>
        <div>
          <dt>version</dt>
          <dd>
            <Foreign text={[runner_version ?? 'not known', ...(engines ?? [])].join(', ')} />
          </dd>
        </div>
        <div>
          <dt>started</dt>
          <dd>{started_at == null ? 'not known' : <When at={started_at} />}</dd>
        </div>
      </dl>
      {drained == null ? null : (
        <p className={styles.note}>
          Out of service by <Foreign text={drained.name ?? 'somebody'} />
          {drained.at == null ? null : (
            <>
              , <When at={drained.at} />
            </>
          )}
          {drained.reason == null ? null : (
            <>
              : <Foreign text={drained.reason} />
            </>
          )}
        </p>
      )}
      <RunnerWays runner={runner} />
    </li>
  );
}
