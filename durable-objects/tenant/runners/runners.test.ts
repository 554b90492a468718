import { digest } from '@countersign/protocol/canonical-json';
import type { Activity, Registration } from '@countersign/protocol/runner-messages';
import { describe, expect, test } from 'vitest';
import {
  gist,
  keyed,
  NOW,
  proposalRow,
  runner,
  runnerRow,
  SOURCE,
  TENANT,
  worldOf,
} from '../test-support.ts';
import { recordActivity } from './record-activity.ts';
import { register } from './register-runner.ts';
import { SEEN_EVERY_MS } from './seen-runner.ts';
import { takeHeartbeat } from './take-heartbeat.ts';

const registration: Registration = {
  schema_version: 'synapsor.runner-registration.v1',
  runner_id: 'run_a',
  runner_version: '1.0.0',
  engines: ['postgres'],
  capabilities: ['single_row_update'],
  scope: { project_id: TENANT, source_ids: [SOURCE] },
  registered_at: '2027-01-15T08:00:00.000Z',
};

const event: Activity = {
  schema_version: 'synapsor.runner-activity.v1',
  event_id: 'evt-1',
  event_type: 'evidence.recorded',
  runner_id: 'run_a',
  source_id: SOURCE,
};

describe('a registration', () => {
  const registered = (changes: Partial<Registration>, runners = [runnerRow()]) =>
    register(
      worldOf({ keyed: keyed({ runners }) }),
      { type: 'register', request: { ...registration, ...changes } },
      runner,
      NOW,
    );

  test('of a new runner is an entry', () => {
    expect(gist(registered({}, []))).toEqual({ answer: 'ok', entries: ['runner.registered'] });
  });

  test.each<[string, Partial<Registration>, string[]]>([
    ['with nothing new', {}, []],
    [
      'with the project left to the token',
      { scope: { project_id: 'token_scope', source_ids: [SOURCE] } },
      [],
    ],
    ['with another version', { runner_version: '1.0.1' }, ['runner.registered']],
  ])('%s leaves %j', (_name, changes, entries) => {
    expect(gist(registered(changes))).toEqual({ answer: 'ok', entries });
  });

  test.each<[string, Partial<Registration>, string]>([
    ['another project', { scope: { project_id: 'prj_other', source_ids: [SOURCE] } }, 'wrong_project'],
    [
      'a foreign source',
      { scope: { project_id: TENANT, source_ids: ['src_other'] } },
      'source_not_permitted',
    ],
  ])('for %s is refused', (_name, changes, answer) => {
    expect(gist(registered(changes))).toEqual({ answer, entries: [] });
  });
});

describe('a heartbeat', () => {
  test.each(['online', 'draining'] as const)(
    'that says %s for a runner of a foreign source is refused',
    (status) => {
      const world = worldOf({ keyed: keyed({ runners: [runnerRow({ sources: [SOURCE, 'src_other'] })] }) });
      const ask = { type: 'heartbeat', request: { runner_id: 'run_a', status } } as const;
      const beaten = takeHeartbeat(world, ask, runner, NOW);
      expect(gist(beaten)).toEqual({ answer: 'source_not_permitted', entries: [] });
      expect(beaten).not.toHaveProperty('dismissed');
    },
  );

  const beat = (status: 'online' | 'draining' | undefined, changes = {}) => {
    const request = { runner_id: 'run_a', ...(status === undefined ? {} : { status }) };
    return takeHeartbeat(
      worldOf({ keyed: keyed({ runners: [runnerRow(changes)] }) }),
      { type: 'heartbeat', request },
      runner,
      NOW,
    );
  };

  test.each([
    [undefined, []],
    ['online', []],
    ['draining', ['runner.status_changed']],
  ] as const)('that says %s leaves %j', (status, entries) => {
    expect(gist(beat(status))).toEqual({ answer: 'ok', entries });
  });

  test.each([
    [SEEN_EVERY_MS - 1, false],
    [SEEN_EVERY_MS, true],
  ])('%i ms after the last one is written: %s', (age, isWritten) => {
    expect('volatile' in beat('online', { last_seen_at: NOW - age })).toBe(isWritten);
  });

  test('of an unknown runner is refused', () => {
    const request = { runner_id: 'run_b' };
    expect(gist(takeHeartbeat(worldOf(), { type: 'heartbeat', request }, runner, NOW)).answer).toBe(
      'runner_not_found',
    );
  });
});

describe('an event', () => {
  const proposal = proposalRow();
  const foreign = proposalRow({ seq: 12, source_id: 'src_other' });
  const known = { tenant: TENANT, runner_id: 'run_a', event_id: 'evt-1', seq: 33, digest: digest(event) };

  test.each([
    [
      'of a proposal belongs to it',
      { proposal_id: proposal.proposal_id },
      [runnerRow()],
      proposal.proposal_id,
    ],
    ['of none belongs to its runner', {}, [runnerRow()], 'runner/run_a'],
    ['of an unknown runner stands alone', {}, [], 'event/run_a/evt-1'],
    ['of an unknown proposal belongs to its runner', { proposal_id: 'p9' }, [runnerRow()], 'runner/run_a'],
    [
      'of a proposal of another source than the token’s belongs to its runner',
      { proposal_id: foreign.proposal_id },
      [runnerRow()],
      'runner/run_a',
    ],
  ])('%s', (_name, changes, runners, subject) => {
    const world = worldOf({ proposals: [proposal, foreign], keyed: keyed({ runners }) });
    const { entries } = recordActivity(
      world,
      { type: 'record', request: { ...event, ...changes } },
      runner,
      NOW,
    );
    expect(entries.map((entry) => entry.subject)).toEqual([subject]);
  });

  test('that is recorded already is an answer, and another under its id is refused', () => {
    const world = worldOf({ events: [known] });
    const again = (request: Activity) =>
      gist(recordActivity(world, { type: 'record', request }, runner, NOW));
    expect(again(event)).toEqual({ answer: 'ok', entries: [] });
    expect(again({ ...event, status: 'other' })).toEqual({ answer: 'activity_differs', entries: [] });
  });
});
