import type { RawRow, Statement } from '@countersign/durable-objects/tenant/storage/database';
import { beforeAll, expect, test } from 'vitest';
import { withValues } from '../../../scripts/maintenance/record.ts';
import { unlock } from '../../../scripts/maintenance/unlock.ts';
import { expectProblem } from '../../support/expect-problem.ts';
import { approve, propose } from '../../support/flow.ts';
import { must } from '../../support/must.ts';
import { type SharedPlane, sharedPlane } from '../../support/shared-planes.ts';

let plane: SharedPlane;

beforeAll(async () => {
  plane = await sharedPlane();
}, 60_000);

/** The record as wrangler reaches it: by texts without parameters. */
function record() {
  const read = async (statement: Statement) => plane.query<RawRow>(withValues(statement));
  return {
    read,
    write: async (statements: readonly Statement[]) => {
      for (const statement of statements) await read(statement);
    },
    close: async () => undefined,
  };
}

const WORD = { operator: "the plane's own people", reason: 'nobody could change the rules' };

test('rules that let nobody in are taken out of force from outside, at once, and the ledger says so', async () => {
  const tenant = await plane.tenant();
  const id = await propose(tenant.service);
  const rules = [{ name: 'nobody', asks: ['decide'], effect: 'deny', when: 'true' }];
  must(await tenant.olivia.post('/v1/permission-rules', { rules }));
  must(await tenant.olivia.post('/v1/permission-rules/enforcement', { on: true, reason: 'strict' }));
  expectProblem(await tenant.ada.post(`/v1/proposals/${id}/approve`), 'denied_by_rule');

  await unlock(record(), tenant.project, WORD);

  await approve(tenant.ada, id);
  expect(must(await tenant.olivia.get('/v1/permission-rules')).body).toMatchObject({
    enforced: false,
    rules,
  });
  const { entries } = must(await tenant.olivia.get('/v1/ledger?limit=500')).body;
  expect(entries).toContainEqual(
    expect.objectContaining({
      type: 'permissions.unlocked',
      actor: { kind: 'system', id: 'offline-unlock' },
      body: expect.objectContaining({ name: WORD.operator, reason: WORD.reason }),
    }),
  );
});

test('a project that is not there is told, and nothing is written', async () => {
  expect(await unlock(record(), 'prj_nowhere', WORD)).toBe(
    'there is no project prj_nowhere in this database',
  );
});
