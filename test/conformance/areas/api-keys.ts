import { strict as assert } from 'node:assert';
import { randomUUID } from 'node:crypto';
import * as z from 'zod';
import { passes, reads, refuses } from '../checks.ts';
import { createKey, startWork, submit } from '../doing.ts';
import { apiKeyAnswer, apiKeyMade, apiKeyRow, listOf, sessionOfService } from '../reads.ts';
import { scenariosOf } from '../scenario.ts';

const KEYS = '/v1/control/api-keys';

/** What the CLI reads before it tells its user to rotate (PROTOCOL 1.5). */
const withoutSecret = z.object({
  idempotent: z.literal(true),
  secret_available: z.literal(false),
  api_key: z.object({ key_id: z.string() }),
  token: z.undefined().optional(),
});

export const apiKeyScenarios = scenariosOf(
  'API keys',
  [
    'a key is created, with its secret, and then listed and shown without it',
    '2.3; 6.2 step 4',
    async (stand) => {
      const { keyId } = await createKey(stand);
      const { human, project } = stand;
      const list = reads(
        listOf('api_keys', apiKeyRow),
        await human.get(`${KEYS}?project_id=${project}&limit=50`),
      );
      assert.ok(list.items.some(({ key_id, status }) => key_id === keyId && status === 'active'));
      const answer = await human.get(`${KEYS}/${keyId}?project_id=${project}`);
      assert.equal(reads(apiKeyAnswer, answer).api_key.key_id, keyId);
      assert.equal(answer.body.token, undefined);
    },
  ],
  [
    'the same request again is 200 and does not have the secret',
    '1.5',
    async ({ human, project }) => {
      const wanted = {
        project_id: project,
        name: `key ${randomUUID()}`,
        scopes: ['project:read'],
        role: 'readonly',
      };
      const once = { key: 'cli-1700000000000-1' };
      const first = reads(apiKeyMade, await human.post(KEYS, wanted, once));
      const again = await human.post(KEYS, wanted, once);
      assert.equal(again.status, 200);
      assert.equal(reads(withoutSecret, again).api_key.key_id, first.api_key.key_id);
    },
  ],
  [
    'a key is rotated: the new secret counts, and the old one does no more',
    '2.3',
    async (stand) => {
      const { keyId, service } = await createKey(stand);
      const { bearing, human, project } = stand;
      const expires_at = Math.floor(Date.now() / 1_000) + 7_200;
      const body = { project_id: project, key_id: keyId, expires_at };
      const { token } = reads(apiKeyMade, await human.post(`${KEYS}/rotate`, body));
      refuses(await service.get('/v1/control/sessions/self'), 401);
      const self = await bearing(token, 'service').get('/v1/control/sessions/self');
      const { context } = reads(sessionOfService, self);
      assert.equal(Date.parse(context.expires_at ?? ''), expires_at * 1_000);
    },
  ],
  [
    'a key that is revoked counts at no further request',
    '2.3; 6.2 step 27',
    async (stand) => {
      const { keyId, service } = await createKey(stand);
      passes(await stand.human.post(`${KEYS}/revoke`, { project_id: stand.project, key_id: keyId }));
      refuses(await service.get('/v1/control/sessions/self'), 401);
    },
  ],
  [
    'a key does what its scopes say, and never decides: exactly 403',
    '1.3; 6.2 step 15',
    async (stand) => {
      const { project, source } = stand;
      const { service } = await createKey(stand, ['project:read']);
      passes(await service.get(`/v1/control/projects/${project}`));
      refuses(await service.get(`/v1/control/projects/${project}/agent-contracts`), 403);
      refuses(await service.post(KEYS, { project_id: project, name: 'n', scopes: ['project:read'] }), 403);
      const all = await createKey(stand);
      const proposal = await submit(await startWork(stand), source);
      for (const verb of ['approve', 'reject']) {
        const path = `/v1/control/external-writebacks/proposals/${proposal}/${verb}`;
        refuses(await all.service.post(path, { reason: 'r', project_id: project }), 403);
      }
    },
  ],
);
