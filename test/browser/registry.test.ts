import { createCallApi } from '@countersign/client/call-api';
import { createControlApi } from '@countersign/client/control-api';
import { beforeAll, describe, expect, test } from 'vitest';
import { expectAccessible } from './support/axe.ts';
import { whyNoBrowser } from './support/chromium.ts';
import { type BrowserStage, sharedStage } from './support/stage.ts';

const obstacle = whyNoBrowser();

describe.skipIf(obstacle !== undefined)(
  `the pages of the registry${obstacle === undefined ? '' : ` (SKIPPED: ${obstacle})`}`,
  () => {
    let stage: BrowserStage;
    const control = () => createControlApi(createCallApi(stage.cast.ownerConnection));
    beforeAll(async () => {
      stage = await sharedStage();
      const first = await control().save('prompt', 'page-reviewer', { text: 'Be kind.\nBe short.' });
      await control().activate('prompt', 'page-reviewer', first.digest, 'the first of its kind');
      await control().save('prompt', 'page-reviewer', { text: 'Be kind.\nBe \u202ebrief<b>.' });
    }, 120_000);

    test('show what a version says differently, and bring it into force and out of it', async () => {
      const { page, faults } = await stage.signedIn('olivia', '/t/acme/registry?kind=prompt');
      await page.getByRole('region', { name: 'Prompts' }).waitFor();
      expect(await page.getByRole('region', { name: 'Routes' }).count()).toBe(0);
      await expectAccessible(page);
      await page.getByRole('link', { name: 'page-reviewer' }).click();
      const difference = page.getByRole('region', { name: 'From version 1 to version 2' });
      await difference.getByRole('listitem').first().waitFor();
      const lines = await difference.getByRole('listitem').allTextContents();
      expect(lines).toContain('-removed: Be short."');
      expect(lines).toContain('+added: Be \\u{202e}brief<b>."');
      await expectAccessible(page);
      await page.getByRole('button', { name: 'Activate version 2' }).click();
      const dialog = page.getByRole('dialog');
      await dialog.getByRole('textbox').fill('shorter answers');
      await dialog.getByRole('button', { name: 'Activate' }).click();
      await page.getByText('Version 2 of page-reviewer is in force.').waitFor();
      expect(await control().read('prompt', 'page-reviewer')).toMatchObject({ active_version: 2 });
      await page.getByRole('button', { name: 'Retire' }).click();
      await page.getByRole('dialog').getByRole('button', { name: 'Retire' }).click();
      await page.getByText('page-reviewer is out of force.').waitFor();
      expect(await control().read('prompt', 'page-reviewer')).toMatchObject({ status: 'retired' });
      expect(faults).toEqual([]);
      await page.context().close();
    });

    test('keep a log of all that changed, with the way to it', async () => {
      const { page, faults } = await stage.signedIn('audrey', '/t/acme/registry');
      await page.getByRole('tab', { name: 'Change log' }).click();
      const log = page.getByRole('region', { name: 'Change log' });
      await log.getByText('the first of its kind').waitFor();
      await expectAccessible(page);
      await log.getByRole('link', { name: 'prompt page-reviewer' }).first().click();
      await page.getByRole('heading', { name: 'page-reviewer' }).waitFor();
      expect(faults).toEqual([]);
      await page.context().close();
    });

    test('show a viewer that there is something, and nothing of what it says', async () => {
      const { page } = await stage.signedIn('vera', '/t/acme/registry/prompt/page-reviewer');
      await page.getByText(/without what it says/).waitFor();
      expect(await page.textContent('body')).not.toContain('Be kind');
      await page.getByRole('link', { name: 'Registry' }).click();
      await page.getByRole('tab', { name: 'Change log' }).click();
      await page.getByText('A piece came into force').first().waitFor();
      expect(await page.textContent('body')).not.toContain('the first of its kind');
      await page.context().close();
    });
  },
);
