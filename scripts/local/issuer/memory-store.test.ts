import { beforeEach, expect, test } from 'vitest';
import { MemoryStore } from './memory-store.ts';

let now: number;
let store: MemoryStore;

beforeEach(() => {
  now = 1_000_000;
  store = new MemoryStore(() => now);
});

test('each model has its own ids', async () => {
  await store.adapter('Session').upsert('1', { uid: 'u-1' }, 60);
  expect(await store.adapter('Session').find('1')).toEqual({ uid: 'u-1' });
  expect(await store.adapter('Grant').find('1')).toBeUndefined();
});

test('sessions are found by uid, device codes by the code that people type', async () => {
  await store.adapter('Session').upsert('1', { uid: 'u-1' }, 60);
  await store.adapter('DeviceCode').upsert('2', { userCode: 'BCDF' }, 60);
  expect(await store.adapter('Session').findByUid('u-1')).toEqual({ uid: 'u-1' });
  expect(await store.adapter('Session').findByUid('u-2')).toBeUndefined();
  expect(await store.adapter('DeviceCode').findByUserCode('BCDF')).toEqual({ userCode: 'BCDF' });
  expect(await store.adapter('Session').findByUserCode('BCDF')).toBeUndefined();
});

test('an entry stays a minute longer than it is valid, and then goes', async () => {
  const codes = store.adapter('AuthorizationCode');
  await codes.upsert('1', {}, 60);
  now += 119_000;
  expect(await codes.find('1')).toEqual({});
  now += 1_000;
  expect(await codes.find('1')).toBeUndefined();
});

test('what is used is marked with the time in seconds', async () => {
  const codes = store.adapter('AuthorizationCode');
  await codes.upsert('1', {}, 60);
  await codes.consume('1');
  expect(await codes.find('1')).toEqual({ consumed: 1000 });
});

test('revoking a grant removes what the model holds of it, and nothing else', async () => {
  const refreshTokens = store.adapter('RefreshToken');
  await refreshTokens.upsert('1', { grantId: 'g-1' }, 60);
  await refreshTokens.upsert('2', { grantId: 'g-2' }, 60);
  await store.adapter('AuthorizationCode').upsert('3', { grantId: 'g-1' }, 60);
  await refreshTokens.revokeByGrantId('g-1');
  expect(await refreshTokens.find('1')).toBeUndefined();
  expect(await refreshTokens.find('2')).toBeDefined();
  expect(await store.adapter('AuthorizationCode').find('3')).toBeDefined();
});

test('what the caller does with its payload afterwards changes nothing here', async () => {
  const payload = { uid: 'u-1' };
  await store.adapter('Session').upsert('1', payload, 60);
  payload.uid = 'u-2';
  expect(await store.adapter('Session').find('1')).toEqual({ uid: 'u-1' });
  await store.adapter('Session').destroy('1');
  expect(await store.adapter('Session').find('1')).toBeUndefined();
});
