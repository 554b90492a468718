import type { RehearsalResult } from '@countersign/protocol/rehearsal';
import type { Rehearsable } from './rehearsable.ts';

/** The columns that are no longer what the change set says they were, its version among them. */
export function driftOf(
  { before, guards }: Pick<Rehearsable, 'before' | 'guards'>,
  seen: Pick<RehearsalResult, 'status' | 'before' | 'version'>,
): readonly string[] | null {
  if (seen.status !== 'done') return null;
  const now = seen.before ?? {};
  const drifted = Object.keys(before).filter((column) => column in now && now[column] !== before[column]);
  const { column, value } = guards.expected_version;
  // Existing runners write versions as text or as numbers.
  if (String(seen.version) !== String(value) && !drifted.includes(column)) drifted.push(column);
  return drifted;
}
