import type { RunOutline } from '@countersign/client/run-detail';
import { Link } from '@tanstack/react-router';
import { usePlane } from '../plane/plane-context.ts';
import { countText } from '../run/step-words.ts';
import { classes } from '../ui/classes.ts';
import list from '../ui/list-page.module.css';
import { StateChip } from '../ui/state-chip.tsx';
import { Foreign } from '../ui/value.tsx';
import { Since } from '../ui/when.tsx';
import styles from './run-line.module.css';

/** One run of the list: what was asked for, by whom, and how far it is. */
export function RunLine({ item }: { readonly item: RunOutline }) {
  const { address } = usePlane();
  const { command, created_at, run_id, started_by, status } = item;
  return (
    <Link
      to="/t/$project/runs/$runId"
      params={{ project: address, runId: run_id }}
      className={classes(list.line, styles.line)}
    >
      <span className={list.name}>
        <Foreign text={command ?? 'a run'} />
      </span>
      <span>
        <StateChip state={status} />
      </span>
      <span className={list.end}>{created_at == null ? null : <Since at={created_at} />}</span>
      <span className={classes(list.soft, styles.second)}>
        {countText(item)} · by <Foreign text={`${started_by?.kind ?? 'somebody'} ${started_by?.id ?? ''}`} />
      </span>
    </Link>
  );
}
