import { expect, test } from 'vitest';
import { AgentRates } from './agent-rates.ts';

function ratesOf(perMinute: number) {
  const clock = { ms: 1_000 };
  return { clock, rates: new AgentRates(perMinute, () => clock.ms) };
}

test('as many as a minute allows may come at once, and the next when there is room again', () => {
  const { clock, rates } = ratesOf(3);
  expect([1, 2, 3, 4].map(() => rates.take('ada'))).toEqual([true, true, true, false]);
  clock.ms += 19_999;
  expect(rates.take('ada')).toBe(false);
  clock.ms += 1;
  expect([rates.take('ada'), rates.take('ada')]).toEqual([true, false]);
});

test('each agent has its own', () => {
  const { rates } = ratesOf(1);
  expect([rates.take('ada'), rates.take('ada'), rates.take('bob')]).toEqual([true, false, true]);
});

test('rest gives no more than a minute allows', () => {
  const { clock, rates } = ratesOf(2);
  rates.take('ada');
  clock.ms += 3_600_000;
  expect([1, 2, 3].map(() => rates.take('ada'))).toEqual([true, true, false]);
});

test('many agents later, one that was used up still is', () => {
  const { rates } = ratesOf(1);
  rates.take('ada');
  for (let n = 0; n < 2_500; n += 1) rates.take(`agent-${n}`);
  expect([rates.take('ada'), rates.take('agent-7')]).toEqual([false, false]);
});
