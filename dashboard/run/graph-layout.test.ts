import { runDetailOf } from '@countersign/client/run-detail';
import { expect, test } from 'vitest';
import { graphOf, NODE } from './graph-layout.ts';

const step = (number: number, after: readonly string[]) => ({
  step_id: `s${number}`,
  number,
  kind: 'task',
  status: 'queued',
  after,
});

test('what follows stands to the right of what it follows, and no two steps on each other', () => {
  const all = [step(1, []), step(2, ['s1']), step(3, ['s1', 'gone']), step(4, ['s2', 's3'])];
  const { steps } = runDetailOf({ run_id: 'run_1', status: 'open', steps: all });
  const { edges, nodes } = graphOf(steps);
  expect(edges).toEqual([
    { from: 's1', to: 's2' },
    { from: 's1', to: 's3' },
    { from: 's2', to: 's4' },
    { from: 's3', to: 's4' },
  ]);
  const at = new Map(nodes.map((node) => [node.step.step_id, node]));
  for (const { from, to } of edges)
    expect(at.get(to)?.x).toBeGreaterThanOrEqual((at.get(from)?.x ?? Number.NaN) + NODE.width);
  expect(Math.abs((at.get('s2')?.y ?? 0) - (at.get('s3')?.y ?? 0))).toBeGreaterThanOrEqual(NODE.height);
});
