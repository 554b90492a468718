import { readFile } from 'node:fs/promises';
import { verifyExport } from '@countersign/protocol/verify-export';
import { beforeAll, describe, expect, test } from 'vitest';
import { expectAccessible } from './support/axe.ts';
import { whyNoBrowser } from './support/chromium.ts';
import { type BrowserStage, sharedStage } from './support/stage.ts';

const obstacle = whyNoBrowser();

describe.skipIf(obstacle !== undefined)(
  `the ledger${obstacle === undefined ? '' : ` (SKIPPED: ${obstacle})`}`,
  () => {
    let stage: BrowserStage;
    beforeAll(async () => {
      stage = await sharedStage();
    }, 120_000);

    test('shows entries as they come, and one with all that is hashed', async () => {
      const { page, faults } = await stage.signedIn('audrey', '/t/acme/ledger');
      const entries = page.getByRole('list', { name: 'Entries, newest first' });
      await entries.getByRole('button').first().waitFor();
      const id = await stage.pending('INV-3026');
      await page.getByLabel('Entries of').selectOption('proposal');
      const requested = entries.getByRole('button', { name: new RegExp(`proposal.requested.*${id}`) });
      await requested.waitFor();
      await requested.click();
      const panel = page.getByRole('region', { name: /proposal.requested/ });
      await panel.getByText('"INV-3026"').waitFor();
      await expectAccessible(page);
      await page.keyboard.press('Escape');
      await panel.waitFor({ state: 'detached' });
      expect(faults).toEqual([]);
      await page.context().close();
    });

    test('does not move while it is held', async () => {
      const { page } = await stage.signedIn('audrey', '/t/acme/ledger');
      const entries = page.getByRole('list', { name: 'Entries, newest first' });
      await entries.getByRole('button').first().waitFor();
      await page.getByRole('button', { name: 'Hold it' }).click();
      const id = await stage.pending('INV-3027');
      await page.getByText(/^held;/).waitFor();
      expect(await entries.textContent()).not.toContain(id);
      await page.getByRole('button', { name: 'Go on' }).click();
      await entries.getByText(id).first().waitFor();
      await page.context().close();
    });

    test('is searched by words', async () => {
      const id = await stage.pending('INV-3028', 'a quokka asked <b>nicely</b>');
      const { page, faults } = await stage.signedIn('oscar', '/t/acme/ledger?view=search');
      await page.getByRole('searchbox').fill('quokka');
      await page.keyboard.press('Enter');
      await page.getByRole('link', { name: id }).first().waitFor();
      expect(await page.locator('mark').first().textContent()).toBe('quokka');
      expect(await page.getByRole('main').textContent()).toContain('<b>nicely</b>');
      await expectAccessible(page);
      expect(faults).toEqual([]);
      await page.context().close();
    });

    test('is verified in the browser up to its end, and given as a file that the command line verifies', async () => {
      const { page, faults } = await stage.signedIn('audrey', '/t/acme/ledger?view=proof');
      const { entries } = await stage.cast.owner.ledger({ limit: 1 });
      await page.getByLabel(/A hash that you kept/).fill(entries[0]?.hash ?? '');
      await page.getByRole('button', { name: 'Verify here' }).click();
      await page.getByText(/Verified here, in your browser: \d+ entries, 1 to \d+/).waitFor();
      await page.getByText('It still holds the hash that you know, as entry 1.').waitFor();
      await expectAccessible(page);
      const downloading = page.waitForEvent('download');
      await page.getByRole('button', { name: 'Export as a file' }).click();
      const text = await readFile(await (await downloading).path(), 'utf8');
      expect(await verifyExport(linesIn(text))).toMatchObject({ ok: true, manifest: { scope: 'whole' } });
      await page.getByLabel(/A hash that you kept/).fill(`sha256:${'0'.repeat(64)}`);
      await page.getByRole('button', { name: 'Verify here' }).click();
      await page.getByText(/No entry has the hash that you know/).waitFor();
      expect(faults).toEqual([]);
      await page.context().close();
    });

    test('what was altered on the way does not verify, and is no file', async () => {
      const { page } = await stage.signedIn('audrey', '/t/acme/ledger?view=proof');
      await page.route('**/v1/ledger/export*', async (route) => {
        const response = await route.fetch();
        const body = (await response.text()).replace('"tenant.created"', '"tenant.restored"');
        await route.fulfill({ response, body });
      });
      let downloads = 0;
      page.on('download', () => {
        downloads += 1;
      });
      await page.getByRole('button', { name: 'Export as a file' }).click();
      await page.getByText('The record does not hold.').waitFor();
      await page.getByText('edited').waitFor();
      expect(downloads).toBe(0);
      await page.context().close();
    });

    test('tells who may not read it, and lets them search', async () => {
      const { page } = await stage.signedIn('ada', '/t/acme/ledger');
      await page.getByRole('searchbox').waitFor();
      await page.getByRole('tab', { name: 'Live tail' }).click();
      await page.getByText('Your roles do not include to read the entries.').waitFor();
      await page.getByRole('tab', { name: 'Verify and export' }).click();
      await page.getByText('Your roles do not include to export the record.').waitFor();
      await page.context().close();
    });
  },
);

async function* linesIn(text: string): AsyncGenerator<string> {
  yield* text.trimEnd().split('\n');
}
