import { readFile } from 'node:fs/promises';
import { expect, test } from 'vitest';
import { SOURCE } from '../support/change-set.ts';
import { propose, request } from '../support/flow.ts';
import { must } from '../support/must.ts';
import type { SharedPlane } from '../support/shared-planes.ts';
import { useCli } from '../support/use-cli.ts';

/* Limits and the support bundle, of the real control plane. */

let plane: SharedPlane;
const { at, user } = useCli((started) => {
  plane = started;
});

const CANARY = 'canary4711';

test('a support bundle has the newest of the record, and nothing that was written into it', async () => {
  const tenant = await plane.tenant();
  const otto = user(tenant, tenant.olivia.token);
  await propose(tenant.service, {}, { reason: `${CANARY} reason` });
  await request(tenant.agent, {}, { reason: `${CANARY} reason` });
  await tenant.runner.post('/v1/runner/register', {
    schema_version: 'synapsor.runner-registration.v1',
    runner_id: 'billing-1',
    runner_version: `${CANARY} version`,
    engines: ['postgres'],
    capabilities: [`${CANARY} capability`],
    scope: { project_id: 'token_scope', source_ids: [SOURCE] },
    registered_at: '2027-01-15T08:00:00.000Z',
  });
  must(await tenant.otto.post('/v1/stop', { reason: `${CANARY} reason` }));
  const agents = ['agents', 'create', `${CANARY} agent`, '--bind', `tenant_id=${CANARY}`];
  const bound = ['--bind', 'principal=ops', '--source', SOURCE, '--save', at('bot.token')];
  await otto.does(...agents, ...bound);
  const said = await otto.does('support', 'bundle', '--output', at('support.json'));
  expect(said).toMatch(/^ledger +\d+$/m);
  const text = await readFile(at('support.json'), 'utf8');
  expect(text.toLowerCase()).not.toContain(CANARY);
  const tokens = [tenant.olivia, tenant.agent, tenant.runner, tenant.service].map(({ token }) => token);
  for (const secret of [...tokens, (await readFile(at('bot.token'), 'utf8')).trim()])
    expect(text).not.toContain(secret);
  for (const value of ['INV-3001', 'acme', 'support_agent_17', '5500']) expect(text).not.toContain(value);
  const { parts } = JSON.parse(text);
  expect(parts.freezes.data).toMatchObject([{ is_stop: true, scope: { kind: 'project' } }]);
  expect(parts.runners.data).toMatchObject([{ runner_id: 'billing-1', runner_version: null }]);
  const types = parts.ledger.data.map((entry: { readonly type: string }) => entry.type);
  expect(types).toEqual(expect.arrayContaining(['proposal.submitted', 'freeze.placed', 'credential.issued']));
});

test('what the login may not read is left out of it', async () => {
  const tenant = await plane.tenant();
  const vera = user(tenant, tenant.vera.token);
  const document = await vera.json('support', 'bundle', '--output', at('vera.json'));
  expect(document.parts).toMatchObject({ ledger: 'forbidden', runners: 'ok', limits: 'ok' });
});

test('the limits are listed with what is used', async () => {
  const tenant = await plane.tenant();
  await propose(tenant.service);
  const vera = user(tenant, tenant.vera.token);
  expect(await vera.does('limits', 'list')).toMatch(/^open_proposals +1 +100000 +- /m);
});
