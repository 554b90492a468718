import { expect, test } from 'vitest';
import { scopeOf } from './freeze-scope.ts';

test('the project is frozen without an id, everything else by its id', () => {
  expect(scopeOf('project', 'whatever')).toEqual({ kind: 'project' });
  expect(scopeOf('source', ' src_billing ')).toEqual({ kind: 'source', id: 'src_billing' });
  expect(scopeOf('runner', '')).toBeUndefined();
});
