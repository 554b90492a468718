import { explanationOf } from '@countersign/client/run-detail';
import { expect, test } from 'vitest';
import { stepsByCited } from './cited.ts';

test('an entry leads to the step whose chapter cites it', () => {
  const explanation = explanationOf({
    summary: 'it runs',
    chapters: [
      { title: 'How it began', step_id: null, clauses: [{ text: 'asked', seqs: [4] }] },
      { title: 'Step 1', step_id: 's1', clauses: [{ text: 'done', seqs: [5, 7] }] },
    ],
    waiting: [],
  });
  expect([...stepsByCited(explanation)]).toEqual([
    [4, null],
    [5, 's1'],
    [7, 's1'],
  ]);
});
