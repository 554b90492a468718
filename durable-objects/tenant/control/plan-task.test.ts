import type { Route } from '@countersign/protocol/control/control-document';
import { describe, expect, test } from 'vitest';
import type { ControlReference } from './control-body.ts';
import { nothingInForce, settingOf } from './control-setting.ts';
import { planTask } from './plan-task.ts';

const usual: Route = { task: '*', priority: 100, skills: [], tools: [] };

function route(name: string, changes: Partial<Route>): ControlReference {
  const document = { ...usual, ...changes };
  return { kind: 'route', name, version: 1, digest: `sha256:${name}`, seq: 1, route: document };
}

function piece(kind: ControlReference['kind'], name: string, version = 1): ControlReference {
  return { kind, name, version, digest: `sha256:${name}${version}`, seq: 2, route: null };
}

const asked = { task: 'summarize', command: 'review' };
const planOf = (...pieces: ControlReference[]) => planTask(settingOf(1, pieces), asked);

describe('a plan', () => {
  test('without a route has the task itself for its handler, and nothing else', () => {
    expect(planTask(nothingInForce, asked)).toEqual({
      handler: 'summarize',
      route: null,
      provider: null,
      model: null,
      prompt: null,
      skills: [],
      tools: [],
      arbiter: null,
      snapshot: nothingInForce.digest,
    });
  });

  test('names what its route does, by version and digest', () => {
    const plan = planOf(
      route('all', {
        handler: 'model',
        provider: 'p',
        model: 'm',
        prompt: 'terse',
        skills: ['b', 'a'],
        arbiter: 'x',
      }),
      ...[piece('prompt', 'terse', 3), piece('skill', 'a'), piece('skill', 'b'), piece('arbiter', 'x', 2)],
      ...[piece('skill', 'terse'), piece('prompt', 'x')],
    );
    expect(plan).toMatchObject({
      handler: 'model',
      provider: 'p',
      model: 'm',
      prompt: { name: 'terse', version: 3, digest: 'sha256:terse3' },
      skills: [{ name: 'b' }, { name: 'a' }],
      arbiter: { name: 'x', version: 2 },
    });
  });

  test.each<[string, Partial<Route>, Partial<Route>, string]>([
    ['the lower priority, whatever the name', { priority: 9 }, { priority: 10 }, 'a'],
    ['and not the one that happens to be named first', { priority: 10 }, { priority: 9 }, 'b'],
    ['the first by name, of two that are alike', {}, {}, 'a'],
    ['the one of this task', { task: 'other' }, { task: 'summarize' }, 'b'],
    ['the one of this command', { command: 'other' }, { command: 'review' }, 'b'],
    ['none but those that match', { task: 'other' }, { command: 'other' }, 'none'],
  ])('comes from %s', (_name, a, b, expected) => {
    const plan = planOf(route('b', { ...b, handler: 'b' }), route('a', { ...a, handler: 'a' }));
    expect(plan.route?.name ?? 'none').toBe(expected);
  });
});

describe('the digest of what is in force', () => {
  test('does not depend on the order in which it came into force, and does on every version', () => {
    const [a, b] = [piece('prompt', 'a'), piece('tool', 'b')];
    expect(settingOf(1, [a, b]).digest).toBe(settingOf(7, [b, a]).digest);
    expect(settingOf(1, [a, b]).digest).not.toBe(settingOf(1, [a, piece('tool', 'b', 2)]).digest);
    expect(settingOf(1, [a]).digest).not.toBe(settingOf(1, [a, b]).digest);
  });
});
