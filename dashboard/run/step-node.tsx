import type { StepDetail } from '@countersign/client/run-detail';
import { Handle, type Node, type NodeProps, Position } from '@xyflow/react';
import { classes } from '../ui/classes.ts';
import { StateChip } from '../ui/state-chip.tsx';
import { Foreign } from '../ui/value.tsx';
import { StepLink } from './step-link.tsx';
import styles from './step-node.module.css';
import { whatOf } from './step-words.ts';

type StepNodeOf = Node<{ step: StepDetail; isOpen: boolean }, 'step'>;

/** A step in the graph; it leads to its proposal or action, and else to what is told of it. */
export function StepNode({ data: { isOpen, step } }: NodeProps<StepNodeOf>) {
  return (
    <>
      <Handle type="target" position={Position.Left} isConnectable={false} />
      <StepLink step={step} className={classes(styles.node, isOpen && styles.open, 'nopan')}>
        <span className={styles.first}>
          <span className={styles.kind}>
            {step.number} · {step.kind}
          </span>
          <StateChip state={step.status} />
        </span>
        <span className={styles.what}>
          <Foreign text={whatOf(step) ?? step.linked ?? step.kind} />
        </span>
      </StepLink>
      <Handle type="source" position={Position.Right} isConnectable={false} />
    </>
  );
}
