import type { BackupWork } from '@countersign/client/backups-api';
import { Chip } from '../ui/chip.tsx';
import { Foreign } from '../ui/value.tsx';
import { When } from '../ui/when.tsx';
import { tellingWork } from './backup-words.ts';
import styles from './work-lines.module.css';

const tones = { going: 'accent', done: 'good', failed: 'bad' } as const;

/** How what was begun goes, and how the last of it ended. */
export function WorkLines({ work }: { readonly work: readonly BackupWork[] }) {
  const told = tellingWork(work);
  if (told.length === 0) return null;
  return (
    <ul className={styles.lines} aria-live="polite" aria-label="What is under way, and what ended last">
      {told.map((one) => (
        <li key={one.work_id}>
          <Chip tone={one.state === 'done' || one.state === 'failed' ? tones[one.state] : tones.going}>
            {one.state === 'going' ? 'under way' : one.state}
          </Chip>
          <span>
            <strong>{one.kind}</strong> of <code>{one.snapshot_id}</code>
            <Foreign text={howText(one)} />
          </span>
          <span className={styles.when}>
            <When at={one.ended_at ?? one.begun_at} />
          </span>
        </li>
      ))}
    </ul>
  );
}

function howText({ entries, phase, state, trouble }: BackupWork): string {
  const why = trouble == null ? '' : ` (${trouble})`;
  if (state !== 'going') return why;
  return `: ${phase.replaceAll('_', ' ')}${entries === 0 ? '' : `, ${entries.toLocaleString()} entries`}${why}`;
}
