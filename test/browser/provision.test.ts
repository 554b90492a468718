import { createRunnerApi } from '@countersign/client/runner-api';
import type { Page } from 'playwright-core';
import { beforeAll, describe, expect, test } from 'vitest';
import { expectAccessible } from './support/axe.ts';
import { whyNoBrowser } from './support/chromium.ts';
import { type BrowserStage, sharedStage } from './support/stage.ts';

const obstacle = whyNoBrowser();
const LABEL = 'fresh-shop';

describe.skipIf(obstacle !== undefined)(
  `a new project${obstacle === undefined ? '' : ` (SKIPPED: ${obstacle})`}`,
  () => {
    let stage: BrowserStage;
    beforeAll(async () => {
      stage = await sharedStage();
    }, 120_000);

    const dialog = (page: Page) => page.getByRole('dialog');

    test('is refused a label that the plane would refuse, while it is typed', async () => {
      const { page, faults } = await stage.signedIn('olivia', '/new');
      const label = page.getByLabel('Label');
      await label.fill('Shop');
      await page.getByText(/must be 3 to 39 small letters/).waitFor();
      await label.fill('admin');
      await page.getByText('The label is reserved.').waitFor();
      expect(await page.getByRole('button', { name: 'Make the project' }).isDisabled()).toBe(true);
      await expectAccessible(page);
      expect(faults).toEqual([]);
      await page.context().close();
    });

    test('is made step by step, turns green when its runner beats, and leads to a first proposal', async () => {
      const { page, faults } = await stage.signedIn('olivia', '/new');
      await page.getByLabel('Label').fill(LABEL);
      await page.getByLabel('Region').selectOption('weur');
      await page.getByRole('button', { name: 'Make the project' }).click();
      await page.getByRole('heading', { name: 'It is made' }).waitFor();
      await page.getByText('none was heard yet').waitFor();
      await expectAccessible(page);

      await page.getByRole('button', { name: 'Make the token' }).click();
      const token = (await dialog(page).getByRole('status', { name: 'The secret' }).textContent()) ?? '';
      await dialog(page).getByRole('checkbox').check();
      await dialog(page).getByRole('button', { name: 'Done' }).click();
      expect(await page.getByRole('button', { name: 'Make the token' }).getAttribute('aria-disabled')).toBe(
        'true',
      );
      const lines = page.getByRole('textbox', { name: 'What to paste, for sample data' });
      const config = /<<'JSON'\n([\s\S]*)\nJSON/.exec(await lines.inputValue())?.[1] ?? '';
      const { control_plane, runner_id, sources } = JSON.parse(config);
      expect(await page.content()).not.toContain(token);

      const runner = createRunnerApi({ url: stage.stack.url, userAgent: 'first-runner', token: () => token });
      await runner.register({
        schema_version: 'synapsor.runner-registration.v1',
        runner_id,
        runner_version: '0.1.0',
        engines: ['postgres'],
        capabilities: ['writeback'],
        scope: { project_id: control_plane.project_id, source_ids: Object.keys(sources) },
        registered_at: new Date().toISOString(),
      });
      await page.getByRole('heading', { name: 'The runner beats' }).waitFor();
      await expectAccessible(page);
      await page.getByRole('button', { name: 'Let the sample agent propose' }).click();
      await page.getByRole('link', { name: 'Look at it' }).click();
      await page.getByRole('article').getByText('ITEM-1').first().waitFor();
      expect(faults).toEqual([]);
      await page.context().close();
    });

    test('is put away, shown to its owner, served again, and ended when its label was said twice', async () => {
      const { page } = await stage.signedIn('olivia', `/t/${LABEL}/settings?part=project`);
      await page.getByRole('button', { name: 'Put it away' }).click();
      const away = dialog(page).getByRole('button', { name: 'Put it away' });
      expect(await away.isDisabled()).toBe(true);
      await dialog(page).getByRole('textbox').fill('the trial is over');
      await away.click();
      await page.getByText('It is closed: nobody is served.', { exact: false }).waitFor({ timeout: 90_000 });
      await expectAccessible(page);
      await page.getByRole('button', { name: 'Serve it again' }).click();
      await dialog(page).getByRole('button', { name: 'Serve it' }).click();
      await page.getByText('It is served.', { exact: true }).waitFor({ timeout: 60_000 });

      await page.getByRole('link', { name: 'Open the project' }).click();
      await page.getByRole('link', { name: 'Settings' }).click();
      await page.getByRole('link', { name: 'Ending' }).click();
      await page.getByRole('button', { name: 'End it' }).click();
      await dialog(page).getByLabel('A copy').selectOption('none');
      await dialog(page).getByLabel('The label of the project').fill(LABEL);
      const end = dialog(page).getByRole('button', { name: 'End it for good' });
      expect(await end.isDisabled()).toBe(true);
      await dialog(page).getByLabel('The label once more', { exact: false }).fill(LABEL);
      await end.click();
      await page.getByText('It is gone.', { exact: false }).waitFor({ timeout: 90_000 });
      await page.context().close();
    }, 240_000);
  },
);
