import { printable } from '@countersign/client/printable';
import { effectOf } from '@countersign/client/proposal-effect';
import { sentText } from '../actions/sent-text.ts';
import { objectOf } from '../proposal/identity.tsx';
import { changeText } from './change-text.ts';
import type { Pending } from './pending.ts';

/** What a line of the list calls it: the row of a change, what an action is about. */
export function nameOf(item: Pending): string {
  if (item.kind === 'proposal') return objectOf(item.detail);
  return printable(`to ${item.target ?? 'an unknown account'}`);
}

/** The effect in one line. */
export function effectText(item: Pending): string {
  if (item.kind === 'proposal') return changeText(item.detail);
  return item.detail.input == null ? '' : sentText(item.detail) || 'sends no field';
}

/** What nobody who looks over the list should miss; undefined where there is nothing. */
export function alarmOf(item: Pending): string | undefined {
  if (item.kind === 'action') return item.detail.status === 'held' ? 'probably done already' : undefined;
  const { differences, drift } = effectOf(item.detail);
  if (differences.length > 0) return 'comes out otherwise';
  return drift.length > 0 ? 'the row has changed' : undefined;
}
