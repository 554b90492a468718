import { freezeJob } from '../freezes/freeze-rows.ts';
import type { ProposalRow } from '../schema.ts';
import type { Draft } from '../turn/event.ts';
import type { World } from '../turn/world.ts';

/**
 * The first jobs of a source's queue that may be leased, and the entries that take those before them out which a freeze
 * covers that has not come this far yet.
 */
export function frontOfQueue(
  world: World,
  sourceId: string,
  limit: number,
  now: number,
): { readonly ready: readonly ProposalRow[]; readonly frozen: readonly Draft[] } {
  const ready: ProposalRow[] = [];
  const frozen: Draft[] = [];
  for (const row of world.queue(sourceId)) {
    if (ready.length === limit) break;
    const draft = freezeJob(world, row, now);
    if (draft === undefined) ready.push(row);
    else frozen.push(draft);
  }
  return { ready, frozen };
}
