import fc from 'fast-check';
import { expect } from 'vitest';
import { SOURCE } from '../support/change-set.ts';
import { must } from '../support/must.ts';
import { command, runnerIds, tokenOf } from './command.ts';
import { expectAnswer } from './real.ts';

const registration = {
  schema_version: 'synapsor.runner-registration.v1',
  runner_version: '1.0.0',
  engines: ['postgres'],
  capabilities: ['writeback:claim'],
  scope: { project_id: 'token_scope', source_ids: [SOURCE] },
  registered_at: '2026-01-01T00:00:00Z',
};

/** Signs of life of a runner, and how the runners are listed then. */
export const signs = fc
  .record({
    runner: runnerIds,
    sign: fc.constantFrom('register', 'beats', 'drains', 'is back', 'is looked at'),
  })
  .map(({ runner, sign }) =>
    command(`${runner} ${sign}`, async (belief, { tenant }) => {
      const about = belief.runners[runner];
      const client = tenant[tokenOf[runner]];
      if (sign === 'register') {
        must(await client.post('/v1/runner/register', { ...registration, runner_id: runner }));
        about.register(belief.now);
      } else if (sign !== 'is looked at') {
        const status = sign === 'drains' ? 'draining' : sign === 'is back' ? 'online' : undefined;
        const answer = await client.post('/v1/runner/heartbeat', { runner_id: runner, status });
        const isKnown = about.beat(belief.now, status);
        expectAnswer(
          answer,
          isKnown ? { status: 200, code: undefined } : { status: 404, code: 'runner_not_found' },
        );
      }
      const listed = must(await tenant.vera.get('/v1/runners')).body.runners ?? [];
      const believed = Object.values(belief.runners).flatMap((one) => {
        const state = one.state(belief.now);
        return state === undefined ? [] : [[one.id, state]];
      });
      expect(listed.map(({ runner_id, status }) => [runner_id, status])).toEqual(believed);
    }),
  );
