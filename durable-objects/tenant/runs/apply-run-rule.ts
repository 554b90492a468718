import type { Identity } from '../access/identity.ts';
import type { Outcome } from '../turn/outcome.ts';
import type { World } from '../turn/world.ts';
import { addSteps } from './add-steps.ts';
import { claimTasks } from './claim-tasks.ts';
import { completeTask } from './complete-task.ts';
import { cancelRun, cancelTask, finishRun } from './end-run.ts';
import { failTask } from './fail-task.ts';
import type { RunAsk } from './run-asks.ts';
import { submitCommand } from './submit-command.ts';
import { renewTask, returnTask } from './work-task.ts';

/** The rule for each thing that can be asked about runs. */
export function applyRunRule(world: World, ask: RunAsk, identity: Identity, now: number): Outcome {
  switch (ask.type) {
    case 'submit-command':
      return submitCommand(world, ask, identity, now);
    case 'add-steps':
      return addSteps(world, ask, identity, now);
    case 'finish-run':
      return finishRun(world, ask, identity, now);
    case 'cancel-run':
      return cancelRun(world, ask, identity, now);
    case 'cancel-task':
      return cancelTask(world, ask, identity, now);
    case 'claim-tasks':
      return claimTasks(world, ask, identity, now);
    case 'renew-task':
      return renewTask(world, ask, identity, now);
    case 'return-task':
      return returnTask(world, ask, identity, now);
    case 'complete-task':
      return completeTask(world, ask, identity, now);
    case 'fail-task':
      return failTask(world, ask, identity, now);
  }
}
