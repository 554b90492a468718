import { printable } from '@countersign/client/printable';
import { PAGE_WIDTH } from '../output/table.ts';
import { wrap } from '../output/width.ts';

/** A change between two contracts, ours or the control plane's. */
export interface ShownChange {
  readonly change: string;
  readonly risk_increasing?: boolean | null | undefined;
  readonly name?: string | null | undefined;
  readonly area?: string | null | undefined;
  readonly message?: unknown;
}

/** Changes as people read them: those that permit more come first, with a mark. */
export function changesText(changes: readonly ShownChange[]): string {
  const sorted = [...changes].sort((a, b) => Number(isRisky(b)) - Number(isRisky(a)));
  return sorted.map((change) => lineOf(change)).join('');
}

export function isRisky({ risk_increasing }: ShownChange): boolean {
  return risk_increasing === true;
}

function lineOf(change: ShownChange): string {
  const { area, message, name } = change;
  const what = typeof message === 'string' ? message : [area, name].filter((part) => part).join(' ');
  return wrap(printable(`${change.change}: ${what}`), PAGE_WIDTH - 4)
    .map((line, place) => `${place > 0 ? '    ' : isRisky(change) ? '!!  ' : '    '}${line}\n`)
    .join('');
}
