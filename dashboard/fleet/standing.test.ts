import { expect, test } from 'vitest';
import { heldText, scopeText, stopOfAll } from './standing.ts';

const freeze = (is_stop: boolean, kind: string, state = 'in_force') => ({
  freeze_id: `frz_${kind}`,
  is_stop,
  scope: { kind, id: kind === 'project' ? null : 'x-1' },
  state,
});

test('the stop is one of the whole project that still stands', () => {
  expect(stopOfAll([freeze(false, 'project'), freeze(true, 'runner')])).toBeUndefined();
  expect(stopOfAll([freeze(true, 'project', 'lifting')])).toBeUndefined();
  expect(stopOfAll([freeze(false, 'source'), freeze(true, 'project')])?.freeze_id).toBe('frz_project');
});

test('what a freeze is of, and what a runner holds, in words', () => {
  expect(scopeText(freeze(false, 'project'))).toBe('the project');
  expect(scopeText(freeze(false, 'source'))).toBe('the source x-1');
  expect(heldText({ active_leases: { jobs: 1, actions: 0, tasks: 2 } })).toBe('1 job, 2 tasks');
  expect(heldText({ active_leases: null })).toBe('nothing');
});
