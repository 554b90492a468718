import { strict as assert } from 'node:assert';
import * as z from 'zod';
import { passes, reads, refuses } from '../checks.ts';
import { createKey, createRunnerToken, RUNNER_PERMISSIONS, registration } from '../doing.ts';
import { doctorAnswer, runnerTokenMade } from '../reads.ts';
import { scenariosOf } from '../scenario.ts';
import type { Stand } from '../stand.ts';

const DOCTOR = '/v1/writeback/runner/doctor';
const tokensOf = ({ project }: Stand) => `/v1/control/projects/${project}/runner-tokens`;

const withoutSecret = z.object({
  idempotent: z.literal(true),
  secret_available: z.literal(false),
  token: z.object({ token_id: z.string() }),
  runner_token: z.undefined().optional(),
});

export const runnerTokenScenarios = scenariosOf(
  'runner tokens',
  [
    'a token is created for named sources; its secret begins as clients expect, and `token` is an object',
    '1.3, 2.3; 6.2 step 8',
    async (stand) => {
      const { runner } = await createRunnerToken(stand);
      const doctor = reads(doctorAnswer, await runner.get(DOCTOR));
      assert.equal(doctor.source_id, stand.source);
      for (const permission of RUNNER_PERMISSIONS) assert.ok(doctor.permissions.includes(permission));
    },
  ],
  [
    'a request that names no permissions gets all that a runner may have',
    '1.3',
    async (stand) => {
      const wanted = { name: 'all', source_ids: [stand.source] };
      const made = reads(runnerTokenMade, await stand.human.post(tokensOf(stand), wanted));
      const doctor = reads(doctorAnswer, await stand.bearing(made.runner_token, 'runner').get(DOCTOR));
      for (const permission of RUNNER_PERMISSIONS) assert.ok(doctor.permissions.includes(permission));
    },
  ],
  [
    'a token with some permissions has no others',
    '1.3',
    async (stand) => {
      const wanted = { name: 'few', source_ids: [stand.source], permissions: ['runner:doctor'] };
      const made = reads(runnerTokenMade, await stand.human.post(tokensOf(stand), wanted));
      const runner = stand.bearing(made.runner_token, 'runner');
      passes(await runner.get(DOCTOR));
      refuses(await runner.post('/v1/runner/register', registration('r', stand.source)), 403);
    },
  ],
  [
    'the same request again is 200 and does not have the secret',
    '1.5',
    async (stand) => {
      const wanted = { name: 'once', source_ids: [stand.source] };
      const once = { key: 'cli-1700000000000-2' };
      const first = reads(runnerTokenMade, await stand.human.post(tokensOf(stand), wanted, once));
      const again = await stand.human.post(tokensOf(stand), wanted, once);
      assert.equal(again.status, 200);
      assert.equal(reads(withoutSecret, again).token.token_id, first.token.token_id);
    },
  ],
  [
    'a token is rotated: a new id and secret, and the old one ends at once',
    '2.3; 6.2 step 8',
    async (stand) => {
      const { runner, tokenId } = await createRunnerToken(stand);
      const path = `${tokensOf(stand)}/${tokenId}/rotate`;
      const made = reads(runnerTokenMade, await stand.human.post(path, {}));
      assert.notEqual(made.token.token_id, tokenId);
      refuses(await runner.get(DOCTOR), 401, 403);
      reads(doctorAnswer, await stand.bearing(made.runner_token, 'runner').get(DOCTOR));
    },
  ],
  [
    'a revoked token is refused everywhere at once, before its body is looked at; the doctor is never 404',
    '1.3, 2.2; 6.2 step 26',
    async (stand) => {
      const { runner, tokenId } = await createRunnerToken(stand);
      passes(await stand.human.post(`${tokensOf(stand)}/${tokenId}/revoke`, {}));
      refuses(await runner.get(DOCTOR), 401, 403);
      refuses(await runner.get('/v1/runner/proposals/wrp_none'), 401, 403);
      for (const path of [
        '/v1/runner/register',
        '/v1/runner/heartbeat',
        '/v1/runner/proposals',
        '/v1/runner/activity',
        '/v1/writeback/jobs/claim',
        '/v1/writeback/jobs/wbj_none/heartbeat',
        '/v1/writeback/jobs/wbj_none/result',
      ])
        refuses(await runner.post(path, {}), 401, 403);
    },
  ],
  [
    'only people make, rotate and end tokens',
    '1.3',
    async (stand) => {
      const { service } = await createKey(stand);
      const { tokenId } = await createRunnerToken(stand);
      refuses(await service.post(tokensOf(stand), { name: 'n', source_ids: [stand.source] }), 403);
      for (const verb of ['rotate', 'revoke'])
        refuses(await service.post(`${tokensOf(stand)}/${tokenId}/${verb}`, {}), 403);
    },
  ],
);
