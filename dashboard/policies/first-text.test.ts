import { expect, test } from 'vitest';
import { checkText } from './check-text.ts';
import { firstText } from './first-text.ts';

test.each([undefined, 'billing.waive_late_fee'])(
  'what a new policy about %s begins with is in good form',
  (capability) => {
    const checked = checkText(firstText(capability));
    expect(checked).toMatchObject({
      ok: true,
      document: { effect: 'refuse', applies_to: [capability ?? '*'] },
    });
  },
);
