import type {
  ClaimTasks,
  CompleteTask,
  FailTask,
  ListRunsQuery,
  NewStep,
  RenewTask,
  ReturnTask,
  SubmitCommand,
} from '@countersign/protocol/run/run-requests';

/** What can be asked about runs and their tasks, in a turn. */
export type RunAsk =
  | {
      readonly type: 'submit-command';
      readonly request: SubmitCommand;
      readonly traceparent?: string | undefined;
    }
  | { readonly type: 'add-steps'; readonly runId: string; readonly steps: readonly NewStep[] }
  | {
      readonly type: 'finish-run';
      readonly runId: string;
      readonly outcome: 'succeeded' | 'failed';
      readonly summary: string | null;
    }
  | { readonly type: 'cancel-run'; readonly runId: string; readonly reason: string | null }
  | { readonly type: 'cancel-task'; readonly taskId: string; readonly reason: string | null }
  | { readonly type: 'claim-tasks'; readonly request: ClaimTasks; readonly waiterId: string | null }
  | { readonly type: 'renew-task'; readonly taskId: string; readonly request: RenewTask }
  | { readonly type: 'return-task'; readonly taskId: string; readonly request: ReturnTask }
  | { readonly type: 'complete-task'; readonly taskId: string; readonly request: CompleteTask }
  | { readonly type: 'fail-task'; readonly taskId: string; readonly request: FailTask };

export type RunLook =
  | { readonly type: 'read-run'; readonly runId: string }
  | { readonly type: 'explain-run'; readonly runId: string }
  | { readonly type: 'list-runs'; readonly query: ListRunsQuery };

const types: ReadonlySet<string> = new Set<RunAsk['type']>([
  ...(['submit-command', 'add-steps', 'finish-run', 'cancel-run', 'cancel-task'] as const),
  ...(['claim-tasks', 'renew-task', 'return-task', 'complete-task', 'fail-task'] as const),
]);

export function isAboutRuns(ask: { readonly type: string }): ask is RunAsk {
  return types.has(ask.type);
}
