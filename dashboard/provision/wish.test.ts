import { expect, test } from 'vitest';
import { emptyWish, wishIn } from './wish.ts';

const whole = { ...emptyWish, label: 'acme-two' };

test('a wish names its source, and leaves out what nobody chose', () => {
  expect(wishIn(whole)).toEqual({
    label: 'acme-two',
    sources: [{ source_id: 'src_main', name: 'Main database', engine: 'postgres' }],
  });
  expect(wishIn({ ...whole, hasSource: false, region: 'weur', jurisdiction: 'eu' })).toEqual({
    label: 'acme-two',
    region: 'weur',
    jurisdiction: 'eu',
  });
});

test('what the plane would refuse is no wish', () => {
  expect(wishIn(emptyWish)).toBeUndefined();
  expect(wishIn({ ...whole, label: 'Acme' })).toBeUndefined();
  expect(wishIn({ ...whole, label: 'admin' })).toBeUndefined();
  expect(wishIn({ ...whole, sourceId: 'two words' })).toBeUndefined();
  expect(wishIn({ ...whole, region: 'moon' })).toBeUndefined();
});
