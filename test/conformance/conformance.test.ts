import { afterAll, beforeAll, describe, test } from 'vitest';
import { type DeployedPlane, startTestPlane } from '../support/plane.ts';
import { areas } from './scenario.ts';
import { scenarios } from './scenarios.ts';
import type { Stand } from './stand.ts';
import { DOMAIN, newStand } from './test-stand.ts';

let plane: DeployedPlane;
beforeAll(async () => {
  plane = await startTestPlane({ domain: DOMAIN, dashboardClient: { client_id: 'dashboard' } });
});
afterAll(() => plane.stop());

const stories = new Map<string, Promise<Stand>>();

function standFor(story: string | undefined): Promise<Stand> {
  const known = story === undefined ? undefined : stories.get(story);
  const stand = known ?? newStand(plane);
  if (story !== undefined) stories.set(story, stand);
  return stand;
}

describe.each(areas)('%s', (area) => {
  for (const { play, section, story, what } of scenarios.filter((scenario) => scenario.area === area)) {
    // What has a project of its own need not wait for the others, of whom most only wait.
    const played = story === undefined ? test.concurrent : test;
    played(`${what} (PROTOCOL ${section})`, async () => {
      await play(await standFor(story));
    });
  }
});
