import { expect, test } from 'vitest';
import { subjectOf } from './subject-of.ts';

test.each([
  ['contract/ctr_1', { kind: 'contract', text: 'ctr_1' }],
  ['policy/small-fees', { kind: 'policy', text: 'small-fees' }],
  ['control/prompt/a', { kind: 'piece', pieceKind: 'prompt', name: 'a', text: 'prompt a' }],
  ['setting/permissions', { kind: 'other', text: 'setting/permissions' }],
  ['contract', { kind: 'other', text: 'contract' }],
])('%s', (subject, about) => {
  expect(subjectOf(subject)).toEqual(about);
});
