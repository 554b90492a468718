import { describe, expect, test } from 'vitest';
import { capability } from '../test-contract.ts';
import { capabilityShape } from './capability-shape.ts';

describe('a capability as conditions may name it', () => {
  test('has its arguments, what it shows and what it sets', () => {
    expect(capabilityShape(capability())).toEqual({
      name: 'invoices.waive',
      args: { invoice: 'string', fee: 'number' },
      visible: ['fee'],
      patched: { fee: 'number' },
    });
  });

  test('leaves away an argument that is a list', () => {
    const items = { type: 'object_array' as const, max_items: 3, fields: {} };
    const args = { ...capability().args, items };
    expect(Object.keys(capabilityShape({ ...capability(), args }).args)).toEqual(['invoice', 'fee']);
  });

  test.each([
    ['a number by its bounds', { fixed: '1' }, { fee: { minimum: 0 } }, 'number'],
    ['a number by its argument', { from_arg: 'fee' }, undefined, 'number'],
    ['a text by its argument', { from_arg: 'invoice' }, undefined, 'text'],
    ['a text that is fixed', { fixed: 'closed' }, undefined, 'text'],
    ['a number that is fixed', { fixed: 3 }, undefined, 'number'],
    ['something else', { fixed: true }, undefined, 'other'],
    ['something else where it is null', { fixed: null }, undefined, 'other'],
  ] as const)('takes a column for %s', (_name, binding, numeric_bounds, kind) => {
    const shaped = capabilityShape(capability({}, { patch: { fee: binding }, numeric_bounds }));
    expect(shaped.patched).toEqual({ fee: kind });
  });
});
