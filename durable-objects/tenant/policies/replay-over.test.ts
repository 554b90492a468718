import { expect, test } from 'vitest';
import { head, machine, NOW, TENANT } from '../test-support.ts';
import { replayOver } from './replay-over.ts';

const policy = {
  name: 'none-at-all',
  applies_to: ['*'],
  when: 'true',
  effect: 'refuse',
  message: 'no',
  limits: [],
  tests: [],
};

test.each([
  [true, { ok: true, body: { name: 'none-at-all', looked_at: 0, is_complete: true } }],
  [false, { ok: false, refusal: { code: 'forbidden' } }],
])('a replay of somebody who may see payloads: %s', async (mayRead, reply) => {
  const database = { batch: async () => [{ rows: [], rowsRead: 0, rowsWritten: 0 }] };
  const rest = async () => undefined;
  const plan = replayOver(TENANT, { type: 'replay-policy', name: policy.name }, { database, rest });
  const context = {
    tenant: TENANT,
    head,
    identity: machine('service'),
    permissions: { enforced: false, rules: [] },
    now: NOW,
    may: (asked: string) => asked !== 'read-payloads' || mayRead,
  };
  const found = [{ body: JSON.stringify({ policy }) }];
  expect(await plan.answer([found, [], []], context)).toMatchObject(reply);
});
