import '@xyflow/react/dist/base.css';
import type { StepDetail } from '@countersign/client/run-detail';
import { Background, Controls, MarkerType, ReactFlow } from '@xyflow/react';
import { useMemo } from 'react';
import styles from './graph.module.css';
import { graphOf, NODE } from './graph-layout.ts';
import { StepNode } from './step-node.tsx';

const nodeTypes = { step: StepNode };
const LEAST_ZOOM = 0.2;

interface Props {
  readonly steps: readonly StepDetail[];
  readonly openId: string | undefined;
}

/** The steps and what follows what. It is looked at, not changed: each step is a link, and the list has the same. */
export function StepGraph({ steps, openId }: Props) {
  const { edges, nodes } = useMemo(() => graphOf(steps), [steps]);
  return (
    <div className={styles.graph}>
      <ReactFlow
        aria-label="The steps and what follows what; the list of steps has the same"
        nodeTypes={nodeTypes}
        nodes={nodes.map(({ step, x, y }) => ({
          id: step.step_id,
          type: 'step' as const,
          position: { x, y },
          width: NODE.width,
          height: NODE.height,
          // What cannot be moved or chosen takes no clicks otherwise, and the link in it has to.
          style: { pointerEvents: 'all' as const },
          data: { step, isOpen: step.step_id === openId },
        }))}
        edges={edges.map(({ from, to }) => ({
          id: `${from}>${to}`,
          source: from,
          target: to,
          markerEnd: { type: MarkerType.ArrowClosed, color: 'var(--ink-faint)' },
        }))}
        nodesDraggable={false}
        nodesConnectable={false}
        nodesFocusable={false}
        edgesFocusable={false}
        elementsSelectable={false}
        preventScrolling={false}
        zoomOnScroll={false}
        panOnScroll={false}
        onlyRenderVisibleElements={false}
        minZoom={LEAST_ZOOM}
        maxZoom={1.25}
        fitView
        fitViewOptions={{ maxZoom: 1, padding: 0.08 }}
      >
        <Background color="var(--line)" gap={20} />
        <Controls showInteractive={false} position="top-right" orientation="horizontal" />
      </ReactFlow>
    </div>
  );
}
