import { expect, test } from 'vitest';
import { changePlace, changeTitle, countText, orderChanges } from './order-changes.ts';

const widened = { change: 'bounds_widened', risk_increasing: true };
const narrowed = { change: 'bounds_narrowed', risk_increasing: false };
const added = { change: 'capability_added', risk_increasing: true };

test('what permits more comes first, each part in the order in which it came', () => {
  expect(orderChanges([narrowed, widened, added])).toEqual({ risky: [widened, added], others: [narrowed] });
});

test('a change has a title, one of a later kind its name', () => {
  expect(changeTitle(widened)).toBe('The bounds are wider');
  expect(changeTitle({ change: 'something_newer' })).toBe('something newer');
  expect(changeTitle({ change: 'toString' })).toBe('toString');
});

test.each([
  [{ path: "$.capabilities['billing.waive'].args.fee" }, 'billing.waive, args.fee'],
  [{ path: "$.policies['small']" }, 'small'],
  [{ path: '$.metadata.version' }, '$.metadata.version'],
  [{ area: 'policy', name: 'small' }, 'policy small'],
])('%j is at %s', (where, place) => {
  expect(changePlace({ ...widened, ...where })).toBe(place);
});

test.each([
  [[], 'no change'],
  [[narrowed], '1 change, none of which permits more'],
  [[narrowed, widened], '2 changes, 1 of which permits more'],
  [[added, widened], '2 changes, 2 of which permit more'],
])('%j is told as "%s"', (changes, text) => {
  expect(countText(changes)).toBe(text);
});
