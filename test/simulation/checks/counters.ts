import {
  type Counters,
  countersOf,
  moveBetweenLanes,
  noCounters,
} from '@countersign/durable-objects/tenant/turn/head';
import { canonicalJson } from '@countersign/protocol/canonical-json';
import type { History, Violation } from '../history.ts';

/** The head's depths are what a count over the lanes gives. */
export function checkCounters({ proposals, head }: History): Violation[] {
  const counted = proposals.reduce<Counters>(
    (sum, { lane }) => moveBetweenLanes(sum, null, lane),
    noCounters,
  );
  const isSame = canonicalJson(counted) === canonicalJson(countersOf(head));
  if (isSame) return [];
  const detail = `the head says ${canonicalJson(countersOf(head))}, the lanes ${canonicalJson(counted)}`;
  return [{ check: 'counters', detail }];
}
