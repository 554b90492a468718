import { Chip, type Tone } from './chip.tsx';

const tones: Readonly<Record<string, Tone>> = {
  applied: 'good',
  already_applied: 'good',
  succeeded: 'good',
  online: 'good',
  active: 'good',
  approved: 'accent',
  queued: 'accent',
  leased: 'accent',
  claimed: 'accent',
  open: 'accent',
  pending_review: 'warn',
  proposed: 'warn',
  changes_requested: 'warn',
  held: 'warn',
  draining: 'warn',
  stale: 'warn',
  conflict: 'bad',
  failed: 'bad',
  dead_letter: 'bad',
  indeterminate: 'bad',
  unknown: 'bad',
  reconciliation_required: 'bad',
  rejected: 'bad',
};

/** How something stands, in the words of the record. */
export function StateChip({ state }: { readonly state: string }) {
  return <Chip tone={tones[state]}>{state.replaceAll('_', ' ')}</Chip>;
}
