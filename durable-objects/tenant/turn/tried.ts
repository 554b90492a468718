import type { Head } from '../schema.ts';
import type { Decided } from './decide-turn.ts';
import type { Changes } from './rows.ts';

/** A batch that was sent: should its answer be lost, it may still have landed. */
export interface Tried {
  readonly base: Head;
  readonly changes: Changes;
  readonly decided: Decided;
}
