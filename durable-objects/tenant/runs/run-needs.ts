import type { Needs } from '../turn/needs.ts';
import type { RunAsk } from './run-asks.ts';
import { taskLane } from './step-lane.ts';

/** The rows that a rule about runs is sure to look at; the others it finds out. */
export function addRunNeeds(needs: Needs, ask: RunAsk): void {
  switch (ask.type) {
    case 'submit-command':
      needs.rows.settings.add('control');
      return;
    case 'add-steps':
      needs.rows.settings.add('control');
      needs.rows.runs.add(ask.runId);
      return;
    case 'finish-run':
    case 'cancel-run':
      needs.rows.runs.add(ask.runId);
      return;
    case 'claim-tasks': {
      const { handlers, limit, runner_id } = ask.request;
      needs.rows.runners.add(runner_id);
      needs.rows.settings.add('control');
      for (const handler of handlers) {
        const lane = taskLane(handler);
        needs.lanes.set(lane, (needs.lanes.get(lane) ?? 0) + limit);
      }
      return;
    }
    case 'renew-task':
      needs.rows.runners.add(ask.request.runner_id);
      needs.rows.settings.add('control');
      needs.rows.steps.add(ask.taskId);
      return;
    case 'complete-task':
      needs.rows.settings.add('control');
      needs.rows.steps.add(ask.taskId);
      return;
    default:
      needs.rows.steps.add(ask.taskId);
  }
}
