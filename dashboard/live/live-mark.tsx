import { shortTime } from '../format/clock.ts';
import { useNow } from '../ui/use-now.ts';
import { useLiveState } from './live-context.ts';
import styles from './live-mark.module.css';

/** Whether what is on the screen is told as it happens; in words, not by a colour alone. */
export function LiveMark() {
  const state = useLiveState();
  const now = useNow();
  const isLive = state.kind === 'live';
  return (
    <p className={styles.mark} data-kind={state.kind} role="status">
      <span className={styles.dot} aria-hidden />
      {isLive
        ? 'Live'
        : state.kind === 'connecting' && state.since === null
          ? 'Connecting'
          : lostText(state, now)}
    </p>
  );
}

function lostText(state: Exclude<ReturnType<typeof useLiveState>, { kind: 'live' }>, now: number): string {
  const since = state.since === null ? '' : ` since ${shortTime(new Date(state.since), now)}`;
  return `Not live${since}`;
}
