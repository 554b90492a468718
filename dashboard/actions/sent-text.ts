import type { ActionDetail } from '@countersign/client/action-detail';
import { printable } from '@countersign/client/printable';
import { moneyText } from '../format/money.ts';

/** What is sent in one line: `amount_cents 25.00, reason "late"`; empty for who may not see it. */
export function sentText({ input }: ActionDetail): string {
  const row = input ?? {};
  return printable(
    Object.entries(row)
      .map(([name, value]) => `${name} ${moneyText(name, value, row) ?? JSON.stringify(value)}`)
      .join(', '),
  );
}
