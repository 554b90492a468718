import type { Backups, BackupWork, Snapshot } from '@countersign/client/backups-api';
import type { Tone } from '../ui/chip.tsx';

/** The trouble of a restore that would give back what nobody knows was taken away. */
export const LOSSES_UNKNOWN = 'losses_unknown';

/** In whose state a snapshot is: what a restore set aside is whole, and of a record that went another way. */
export function snapshotState({ reason, state }: Pick<Snapshot, 'reason' | 'state'>): {
  readonly text: string;
  readonly tone: Tone | undefined;
} {
  if (state !== 'good') return { text: state, tone: 'bad' };
  if (reason === 'before_restore') return { text: 'set aside', tone: undefined };
  return reason === 'archive' ? { text: 'archive', tone: 'accent' } : { text: 'good', tone: 'good' };
}

/** `a snapshot every 24 h, a proof when asked for`. */
export function scheduleText({
  every_hours,
  prove_every_hours,
}: Pick<Backups, 'every_hours' | 'prove_every_hours'>): string {
  const often = (hours: number | null | undefined) => (hours == null ? 'when asked for' : `every ${hours} h`);
  return `a snapshot ${often(every_hours)}, a proof ${often(prove_every_hours)}`;
}

const MOST_PAST = 3;

/** What is under way, and what ended last. */
export function tellingWork(work: readonly BackupWork[]): readonly BackupWork[] {
  const over = work.filter(({ state }) => state !== 'going');
  return [...work.filter(({ state }) => state === 'going'), ...over.slice(0, MOST_PAST)];
}

const UNITS = ['B', 'kB', 'MB', 'GB', 'TB'];

/** `3.1 MB`. */
export function sizeText(bytes: number): string {
  const step = Math.min(UNITS.length - 1, Math.floor(Math.log10(Math.max(1, bytes)) / 3));
  const size = bytes / 1_000 ** step;
  return `${step === 0 ? size : size.toFixed(1)} ${UNITS[step]}`;
}
