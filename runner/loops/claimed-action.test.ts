import type { ActionWorkerApi } from '@countersign/client/action-worker-api';
import { ApiError } from '@countersign/client/api-error';
import { beforeEach, describe, expect, test } from 'vitest';
import { ServerClock } from '../clock/server-clock.ts';
import type { Executor } from '../executors/executor.ts';
import { Executors } from '../executors/executors.ts';
import { NOW, sampleAction } from '../executors/sample-action.ts';
import { performClaimed } from './claimed-action.ts';
import { sampleContext } from './sample-context.ts';

let said: unknown[];
let events: string[];
let performed: number;
beforeEach(() => {
  said = [];
  events = [];
  performed = 0;
});

const action = sampleAction({ must_begin: true });

/** Performs it where beginning is refused with this code. */
async function performRefused(code: string, mayReturn = true): Promise<void> {
  const refused = (why: string) =>
    Promise.reject(new ApiError('no', { status: 409, code: why, retryable: false }));
  const api: ActionWorkerApi = {
    claim: () => refused('unused'),
    begin: () => refused(code),
    renew: () => refused('unused'),
    confirm: () => refused('unused'),
    return: (id, request) => {
      said.push([id, request]);
      return mayReturn ? Promise.resolve({ status: 'queued' }) : refused('claim_expired');
    },
  };
  const executor: Executor = {
    provider: 'webhook',
    remembersMs: null,
    perform: async () => {
      performed += 1;
      return { outcome: 'failed', code: 'not_expected' };
    },
  };
  const clock = new ServerClock({ monotonicMs: () => 0, wallMs: () => NOW });
  await clock.timed(async () => ({ server_time: new Date(NOW).toISOString() }));
  const context = sampleContext({ clock, log: (_level, event) => events.push(event) });
  await performClaimed(
    context,
    { api, executors: new Executors(new Map([[action.target, executor]])) },
    action,
  );
}

describe('an action that may not begin', () => {
  test('is given back where a freeze is why, and so costs no attempt', async () => {
    await performRefused('frozen');
    const request = { runner_id: 'runner-1', claim_id: action.claim_id, reason: 'frozen' };
    expect({ said, performed }).toEqual({ said: [[action.action_id, request]], performed: 0 });
    expect(events).toEqual(['action_not_begun', 'action_returned']);
  });

  test('is left to its claim’s end where that is not heard', async () => {
    await performRefused('frozen', false);
    expect(events).toEqual(['action_not_begun', 'action_not_returned']);
  });

  test('is not given back where the claim is gone', async () => {
    await performRefused('claim_expired');
    expect({ said, performed, events }).toEqual({ said: [], performed: 0, events: ['action_not_begun'] });
  });
});
