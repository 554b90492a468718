import type { Stack } from '../stack/start-stack.ts';
import { approvedChange } from './approved-change.ts';
import { contractInForce } from './contract-in-force.ts';
import { type Console, Facts } from './facts.ts';
import { freshLook } from './fresh-look.ts';
import { letterThatFollows } from './letter-that-follows.ts';
import { outsideTheContract } from './outside-the-contract.ts';
import { castOf } from './people.ts';
import { policyApprovedChange } from './policy-approved-change.ts';
import { rejectedChange, staleChange } from './refused-changes.ts';
import { retriedJob } from './retried-job.ts';
import { runWithATask } from './run-with-a-task.ts';
import { StoryMemory } from './story-memory.ts';
import { twoPeople } from './two-people.ts';
import { wholeRecord } from './whole-record.ts';

/**
 * Plays the main job on the running stack and checks every fact as it is told. At a later start it finds what it did
 * before and checks that it still holds. Throws `NotTrue` at the first fact that does not hold.
 */
export async function tellStory(
  stack: Stack,
  stateFolder: string,
  console: Console,
  isColored: boolean,
): Promise<number> {
  const facts = new Facts(console, isColored);
  const memory = await StoryMemory.open(stateFolder);
  const cast = castOf(stack, facts, memory);
  if (!memory.isEmpty) facts.chapter('This story was played before; here is whether it still holds.');
  const runner = await stack.startRunner();
  await contractInForce(cast);
  await approvedChange(cast);
  await policyApprovedChange(cast);
  await twoPeople(cast);
  await letterThatFollows(cast);
  await runWithATask(cast);
  await outsideTheContract(cast);
  await freshLook(cast);
  await staleChange(cast);
  await rejectedChange(cast);
  await retriedJob(cast, runner);
  await wholeRecord(cast);
  return facts.checked;
}
