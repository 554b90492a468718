import type { ProposalDetail } from '@countersign/client/proposal-detail';
import type { InboxSearch } from './inbox-search.ts';

/** Decisions that look alike: the same capability asks for the same columns of the same table. */
export interface Group {
  readonly key: string;
  readonly capability: string;
  readonly items: readonly ProposalDetail[];
}

/** A line of the list: what begins a group of several, or a decision. */
export type Line =
  | { readonly kind: 'group'; readonly group: Group; readonly isOpen: boolean }
  | { readonly kind: 'item'; readonly item: ProposalDetail; readonly isInGroup: boolean };

export function isWanted(item: ProposalDetail, { by, capability, source }: InboxSearch): boolean {
  return (
    (capability === undefined || capabilityOf(item) === capability) &&
    (source === undefined || item.source_id === source) &&
    (by === undefined || item.proposed_by?.id === by)
  );
}

export function capabilityOf({ action, capability }: ProposalDetail): string {
  return capability ?? action ?? 'a change';
}

/** In the order of their first item, so that what must be decided first stands first. */
export function groupAlike(items: readonly ProposalDetail[]): readonly Group[] {
  const groups = new Map<string, ProposalDetail[]>();
  for (const item of items) {
    const key = likeness(item);
    const alike = groups.get(key);
    if (alike === undefined) groups.set(key, [item]);
    else alike.push(item);
  }
  return [...groups].map(([key, alike]) => ({
    key,
    capability: capabilityOf(alike[0] ?? NOTHING),
    items: alike,
  }));
}

/** What the list shows; a group of one is its item, and one that is folded only its head. */
export function linesOf(groups: readonly Group[], folded: ReadonlySet<string>): readonly Line[] {
  return groups.flatMap((group): readonly Line[] => {
    const isInGroup = group.items.length > 1;
    const items = group.items.map((item) => ({ kind: 'item', item, isInGroup }) as const);
    if (!isInGroup) return items;
    const isOpen = !folded.has(group.key);
    return [{ kind: 'group', group, isOpen }, ...(isOpen ? items : [])];
  });
}

const NOTHING: ProposalDetail = { proposal_id: '', status: '', proposal_version: undefined };

function likeness(item: ProposalDetail): string {
  const columns = Object.keys(item.change_set?.patch ?? item.patch ?? {}).toSorted();
  const { source } = item.change_set ?? {};
  return JSON.stringify([capabilityOf(item), item.source_id, source?.schema, source?.table, columns]);
}
