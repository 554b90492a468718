import type { Stack } from '../stack/start-stack.ts';
import { approvedChange } from './approved-change.ts';
import { type Console, Facts } from './facts.ts';
import { castOf } from './people.ts';
import { rejectedChange, staleChange } from './refused-changes.ts';
import { retriedJob } from './retried-job.ts';
import { StoryMemory } from './story-memory.ts';
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
  await approvedChange(cast);
  await staleChange(cast);
  await rejectedChange(cast);
  await runner.stop();
  await retriedJob(cast);
  await wholeRecord(cast);
  return facts.checked;
}
