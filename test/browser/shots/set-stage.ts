import { tellStory } from '../../../scripts/story/tell-story.ts';
import { runFolder } from '../../support/run-folder.ts';
import type { BrowserStage } from '../support/stage.ts';
import { setChanges, setRefunds, setRuns } from './set/set-changes.ts';
import { freshProject, keptProject, setProject } from './set/set-project.ts';
import { setContract, setSteering } from './set/set-steering.ts';
import type { ShownIds } from './shown-page.ts';

/** Plays the story on an empty stage, and then a day at the office. */
export async function setStage(stage: BrowserStage): Promise<ShownIds> {
  const { cast } = stage;
  await tellStory(stage.stack, runFolder(), { line: () => undefined }, false);
  const tied = (await cast.actingApprover.list({ limit: 50 })).actions.at(-1)?.action_id ?? '';
  const changes = await setChanges(cast);
  const unknown = await setRefunds(cast);
  const run = await setRuns(cast);
  const contract = await setContract(cast);
  await setSteering(cast);
  await setProject(cast);
  return {
    ...changes,
    tied,
    unknown,
    run,
    contract,
    fresh: await freshProject(cast),
    kept: await keptProject(cast),
  };
}
