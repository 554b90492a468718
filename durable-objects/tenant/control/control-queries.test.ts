import { expect, test } from 'vitest';
import { head, machine, NOW, person, TENANT } from '../test-support.ts';
import { readSnapshot } from './control-queries.ts';

const everything = { ok: true, body: { revision: 0, pieces: [] } };

test.each([
  ['a runner without handlers', machine('runner'), { ok: false, refusal: { code: 'handler_not_permitted' } }],
  ['a runner with one', machine('runner', { handlers: ['echo'] }), everything],
  ['a service, which never has any', machine('service'), everything],
  ['a person', person('ann'), everything],
])('what is in force is read by %s', (_who, identity, reply) => {
  const context = {
    tenant: TENANT,
    head,
    identity,
    permissions: { enforced: false, rules: [] },
    now: NOW,
    may: () => true,
  };
  expect(readSnapshot(TENANT).answer([[], []], context)).toMatchObject(reply);
});
