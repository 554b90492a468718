import type { StepDetail } from '@countersign/client/run-detail';
import { Graph, layout } from '@dagrejs/dagre';

export const NODE = { width: 220, height: 64 } as const;

export interface Placed {
  readonly step: StepDetail;
  /** Of its upper left corner, in pixels. */
  readonly x: number;
  readonly y: number;
}

export interface StepGraph {
  readonly nodes: readonly Placed[];
  readonly edges: readonly { readonly from: string; readonly to: string }[];
}

/** Where each step stands when what follows is drawn to the right of what it follows. */
export function graphOf(steps: readonly StepDetail[]): StepGraph {
  const graph = new Graph();
  graph.setGraph({ rankdir: 'LR', nodesep: 18, ranksep: 56, marginx: 12, marginy: 12 });
  graph.setDefaultEdgeLabel(() => ({}));
  const known = new Set(steps.map(({ step_id }) => step_id));
  const edges = steps.flatMap(({ after, step_id }) =>
    (after ?? []).filter((id) => known.has(id)).map((from) => ({ from, to: step_id })),
  );
  for (const { step_id } of steps) graph.setNode(step_id, { ...NODE });
  for (const { from, to } of edges) graph.setEdge(from, to);
  layout(graph);
  const nodes = steps.map((step) => {
    const { x = 0, y = 0 } = graph.node(step.step_id);
    return { step, x: x - NODE.width / 2, y: y - NODE.height / 2 };
  });
  return { nodes, edges };
}
