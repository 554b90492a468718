import type { ActionDetail } from '@countersign/client/action-detail';
import type { ProposalDetail } from '@countersign/client/proposal-detail';
import { capabilityOf } from '../proposal/capability-of.ts';
import type { InboxSearch } from './inbox-search.ts';
import { rememberedFor } from './remembered-for.ts';

/** What waits for a decision: a change of a row, or an effect outside of a database. */
export type Pending = ProposalPending | ActionPending;

interface Common {
  readonly id: string;
  /** It as it is now: whoever chose it to be decided with others chose this effect, and no later one. */
  readonly choice: string;
  /** What was asked for, by its name in the contract. */
  readonly capability: string;
  readonly by: string | undefined;
  readonly since: string | undefined;
  /** When it counts no longer, in milliseconds since 1970; infinite where it always does. */
  readonly endsAt: number;
}
export interface ProposalPending extends Common {
  readonly kind: 'proposal';
  readonly source: string | undefined;
  readonly detail: ProposalDetail;
}
export interface ActionPending extends Common {
  readonly kind: 'action';
  readonly target: string | undefined;
  readonly detail: ActionDetail;
}

/** Decisions that look alike: the same capability asks for the same columns of the same table, or sends the same fields. */
export interface Group {
  readonly key: string;
  readonly capability: string;
  readonly items: readonly Pending[];
}

/** A line of the list: what begins a group of several, or a decision. */
export type Line =
  | { readonly kind: 'group'; readonly group: Group; readonly isOpen: boolean }
  | { readonly kind: 'item'; readonly item: Pending; readonly isInGroup: boolean };

/** Of ten thousand, those that did not change are the same objects as before, and nothing of them is worked out again. */
export const pendingProposal = rememberedFor((detail: ProposalDetail): ProposalPending => {
  const { created_at, expires_at, proposal_id, proposed_by, source_id } = detail;
  return {
    kind: 'proposal',
    id: proposal_id,
    choice: `${proposal_id} ${detail.effect_digest ?? ''}`,
    capability: capabilityOf(detail),
    source: source_id ?? undefined,
    by: proposed_by?.id ?? undefined,
    since: created_at ?? undefined,
    endsAt: endOf(expires_at),
    detail,
  };
});

export const pendingAction = rememberedFor((detail: ActionDetail): ActionPending => {
  const { action, action_id, created_at, expires_at, proposed_by, target } = detail;
  return {
    kind: 'action',
    id: action_id,
    choice: `${action_id} ${detail.effect_digest ?? ''}`,
    capability: action ?? 'an action',
    target: target ?? undefined,
    by: proposed_by?.id ?? undefined,
    since: created_at ?? undefined,
    endsAt: endOf(expires_at),
    detail,
  };
});

/** One list of both: what runs out first stands first, and what never does last. */
export function inOneList(
  proposals: readonly ProposalDetail[],
  actions: readonly ActionDetail[],
): readonly Pending[] {
  // What is decided in one with a proposal is decided there.
  const alone = actions.filter(({ decided_with }) => decided_with == null);
  const all = [...proposals.map(pendingProposal), ...alone.map(pendingAction)];
  return all.toSorted((a, b) => (a.endsAt === b.endsAt ? 0 : a.endsAt - b.endsAt));
}

function endOf(expiresAt: string | null | undefined): number {
  return expiresAt == null ? Number.POSITIVE_INFINITY : Date.parse(expiresAt);
}

export function isWanted(item: Pending, { by, capability, source, target }: InboxSearch): boolean {
  return (
    (capability === undefined || item.capability === capability) &&
    (source === undefined || sourceOf(item) === source) &&
    (target === undefined || targetOf(item) === target) &&
    (by === undefined || item.by === by)
  );
}

/** The database that a change is for; undefined for an action. */
export function sourceOf(item: Pending): string | undefined {
  return item.kind === 'proposal' ? item.source : undefined;
}

/** The account that an action is for; undefined for a change. */
export function targetOf(item: Pending): string | undefined {
  return item.kind === 'action' ? item.target : undefined;
}

/** In the order of their first item, so that what must be decided first stands first. */
export function groupAlike(items: readonly Pending[]): readonly Group[] {
  return [...Map.groupBy(items, likeness)].map(([key, alike]) => ({
    key,
    capability: alike[0]?.capability ?? '',
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

const likeness = rememberedFor((item: Pending): string => {
  if (item.kind === 'action') {
    const { input, provider, status } = item.detail;
    // What is probably done already is never taken together with what is not.
    return JSON.stringify(['action', item.capability, provider, item.target, status, fieldsOf(input)]);
  }
  const { change_set, patch } = item.detail;
  const { source } = change_set ?? {};
  const columns = fieldsOf(change_set?.patch ?? patch);
  return JSON.stringify(['proposal', item.capability, item.source, source?.schema, source?.table, columns]);
});

function fieldsOf(row: Readonly<Record<string, unknown>> | null | undefined): readonly string[] {
  return Object.keys(row ?? {}).toSorted();
}
