import type { ContractChange } from '@countersign/client/contracts-api';
import { type ChangeName, changeKinds } from '@countersign/protocol/contract-diff/change-kinds';

export interface OrderedChanges {
  /** What permits more than before. */
  readonly risky: readonly ContractChange[];
  readonly others: readonly ContractChange[];
}

export function orderChanges(changes: readonly ContractChange[]): OrderedChanges {
  return {
    risky: changes.filter((change) => change.risk_increasing === true),
    others: changes.filter((change) => change.risk_increasing !== true),
  };
}

/** What kind of change it is, in words; of a kind that is not known here, its name. */
export function changeTitle({ change }: ContractChange): string {
  return isKnown(change) ? changeKinds[change].title : change.replaceAll('_', ' ');
}

function isKnown(name: string): name is ChangeName {
  return Object.hasOwn(changeKinds, name);
}

const MEMBER = /^\$\.[\w-]+\['(.+?)'\]\.?(.*)$/;

/** Where it is, by the name of what it is about: `billing.waive, proposal.numeric_bounds.fee.maximum`. */
export function changePlace({ area, name, path }: ContractChange): string {
  const [, named, inside] = MEMBER.exec(path ?? '') ?? [];
  if (named !== undefined) return [named, inside].filter(Boolean).join(', ');
  return path ?? [area, name].filter(Boolean).join(' ');
}

/** `3 changes, 1 of which permits more`. */
export function countText(changes: readonly ContractChange[]): string {
  const { length } = changes;
  const risky = orderChanges(changes).risky.length;
  const all = length === 1 ? '1 change' : `${length} changes`;
  if (length === 0) return 'no change';
  if (risky === 0) return `${all}, none of which permits more`;
  return `${all}, ${risky} of which ${risky === 1 ? 'permits' : 'permit'} more`;
}
