import { moneyText } from './money.ts';

type Row = Readonly<Record<string, unknown>>;

/** What the contract lets a column become: `0 to 50.00`, `at most 3`; empty where it bounds nothing. */
export function boundText(column: string, bound: unknown, row: Row): string {
  if (typeof bound !== 'object' || bound === null) return '';
  const end = (name: 'minimum' | 'maximum') => {
    const value = Object.hasOwn(bound, name)
      ? Object.entries(bound).find(([key]) => key === name)?.[1]
      : undefined;
    return value === undefined || value === null
      ? undefined
      : (moneyText(column, value, row) ?? String(value));
  };
  const least = end('minimum');
  const most = end('maximum');
  if (least !== undefined && most !== undefined) return `${least} to ${most}`;
  if (most !== undefined) return `at most ${most}`;
  return least === undefined ? '' : `at least ${least}`;
}
