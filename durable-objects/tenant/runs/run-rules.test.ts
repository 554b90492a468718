import { describe, expect, test } from 'vitest';
import type { Identity } from '../access/identity.ts';
import { credentialRow, gist, keyed, machine, NOW, person, TENANT, worldOf } from '../test-support.ts';
import type { Outcome } from '../turn/outcome.ts';
import type { World } from '../turn/world.ts';
import { claimTasks } from './claim-tasks.ts';
import { completeTask } from './complete-task.ts';
import { cancelTask } from './end-run.ts';
import { followStep } from './follow-run.ts';
import { findRun } from './own-run.ts';
import { submitCommand } from './submit-command.ts';

/* The rules alone, on a world in memory: what a turn does with them is tested with the whole product. */

const agent = machine('agent', { actor: { kind: 'agent', id: 'crd_a' } });
const stranger = machine('agent', { actor: { kind: 'agent', id: 'crd_b' } });
const worker = machine('runner', { actor: { kind: 'runner', id: 'crd_w' }, handlers: ['echo'] });

/** Applies an outcome as a turn does, with what follows from it. */
function apply(world: World, { entries }: Outcome): void {
  for (const entry of entries) world.append(entry, NOW);
  for (let ended = world.nextEnded(); ended !== undefined; ended = world.nextEnded()) {
    if (!('step' in ended)) continue;
    for (const draft of followStep(world, ended.step)) world.append(draft, NOW);
  }
}

type Tasks = Parameters<typeof submitCommand>[1]['request']['tasks'];
const task = (changes: Partial<Tasks[number]> = {}): Tasks[number] => ({
  task: 'echo',
  input: {},
  after: [],
  once: 'succeeded',
  most_attempts: 3,
  ...changes,
});

function begun(tasks: Tasks, agents: readonly string[] = []): { world: World; runId: string } {
  const named = agents.map((credential_id) => credentialRow({ credential_id, kind: 'agent' }));
  const claimer = credentialRow({ credential_id: 'crd_w', kind: 'runner', handlers: ['echo'] });
  const credentials = [claimer, ...named];
  const world = worldOf({ keyed: keyed({ credentials }) });
  const request = { command: 'review', input: {}, tasks, agents: [...agents] };
  const outcome = submitCommand(world, { type: 'submit-command', request }, agent, NOW);
  apply(world, outcome);
  if (!outcome.reply.ok) throw new TypeError('it was to be taken');
  return { world, runId: String(outcome.reply.body.run_id) };
}

function claimed(world: World, identity = worker) {
  const request = { runner_id: 'r1', handlers: ['echo'], limit: 5, lease_seconds: 60, wait_seconds: 0 };
  const outcome = claimTasks(world, { type: 'claim-tasks', request, waiterId: null }, identity, NOW);
  apply(world, outcome);
  return outcome;
}

function completed(
  world: World,
  taskId: string,
  changes: { claim_id?: string; runner_id?: string } = {},
  who = worker,
) {
  const claim_id = world.row('steps', taskId)?.claim_id ?? 'none';
  const request = { runner_id: 'r1', claim_id, result: {}, artifacts: [], steps: [], ...changes };
  const outcome = completeTask(world, { type: 'complete-task', taskId, request }, who, NOW);
  apply(world, outcome);
  return outcome.reply.ok ? 'ok' : outcome.reply.refusal.code;
}

const states = (world: World) => world.changedRows('steps').map(({ after }) => after.state);

describe('a claim', () => {
  test('of a token that does not cover the handler is refused', () => {
    const { world } = begun([task()]);
    const other = machine('runner', { actor: { kind: 'runner', id: 'crd_w' }, handlers: ['other'] });
    expect(claimed(world, other).reply).toMatchObject({ refusal: { code: 'handler_not_permitted' } });
    expect(states(world)).toEqual(['queued']);
  });

  test('does not get what waits for another step', () => {
    const { world } = begun([task({ key: 'a' }), task({ after: ['a'] })]);
    expect(claimed(world).taken).toHaveLength(1);
  });
});

describe('a report', () => {
  test.each([
    [
      'by another token',
      {},
      machine('runner', { actor: { kind: 'runner', id: 'crd_x' }, handlers: ['echo'] }),
    ],
    ['under another name', { runner_id: 'r2' }, worker],
  ])('of a claim %s is refused', (_name, changes, who) => {
    const { world } = begun([task()]);
    const [taskId = ''] = claimed(world).taken ?? [];
    expect(completed(world, taskId, changes, who)).toBe('claim_foreign');
  });

  test('lets go on what waited for it, and ends the run with the last', () => {
    const { world, runId } = begun([task({ key: 'a' }), task({ after: ['a'] })]);
    const [first = ''] = claimed(world).taken ?? [];
    expect(completed(world, first)).toBe('ok');
    expect(world.row('runs', runId)?.state).toBe('open');
    const [second = ''] = claimed(world).taken ?? [];
    expect(completed(world, second)).toBe('ok');
    expect(world.row('runs', runId)).toMatchObject({
      state: 'succeeded',
      open: [],
      lane: null,
      tenant: TENANT,
    });
  });
});

describe('a task', () => {
  const canceled = (named: readonly string[], who: Identity) => {
    const { world } = begun([task()], named);
    const [taskId = ''] = claimed(world).taken ?? [];
    const ask = { type: 'cancel-task', taskId, reason: null } as const;
    return gist(cancelTask(world, ask, who, NOW));
  };

  test.each([
    ['the agent that began its run', [], agent, { answer: 'ok', entries: ['step.ended'] }],
    ['a person', [], person('ann'), { answer: 'ok', entries: ['step.ended'] }],
    ['an agent that is named in its run', ['crd_b'], stranger, { answer: 'forbidden', entries: [] }],
    ['any other agent', ['crd_c'], stranger, { answer: 'task_not_found', entries: [] }],
  ])('is taken back by %s', (_who, named, who, outcome) => {
    expect(canceled(named, who)).toEqual(outcome);
  });
});

describe('a run', () => {
  test('is seen by who began it, and by no other agent', () => {
    const { world, runId } = begun([task()]);
    expect(findRun(world, runId, agent).ok).toBe(true);
    expect(findRun(world, runId, stranger)).toMatchObject({ refusal: { code: 'run_not_found' } });
  });

  test('has no room without end', () => {
    const many = Array.from({ length: 201 }, () => task());
    const world = worldOf();
    const request = { command: 'review', input: {}, tasks: many, agents: [] };
    const { reply } = submitCommand(world, { type: 'submit-command', request }, agent, NOW);
    expect(reply).toMatchObject({ refusal: { code: 'run_full' } });
  });
});
