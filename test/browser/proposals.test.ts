import { readFile } from 'node:fs/promises';
import { beforeAll, describe, expect, test } from 'vitest';
import { CAPABILITIES } from '../../scripts/stack/acme-contract.ts';
import { approved, ended, rehearsed } from '../../scripts/story/proposing.ts';
import { eventually } from '../support/eventually.ts';
import { expectAccessible } from './support/axe.ts';
import { whyNoBrowser } from './support/chromium.ts';
import { type BrowserStage, sharedStage } from './support/stage.ts';

const obstacle = whyNoBrowser();
const HOSTILE = '<img src=x onerror="document.title=1"> \u202egnp.exe';

describe.skipIf(obstacle !== undefined)(
  `the proposals${obstacle === undefined ? '' : ` (SKIPPED: ${obstacle})`}`,
  () => {
    let stage: BrowserStage;
    beforeAll(async () => {
      stage = await sharedStage();
    }, 120_000);

    /** Sets a fee, which a person has to approve where it is a large one. */
    const adjusted = async (invoice_id: string, late_fee_cents: number) => {
      const { proposal_id } = await stage.cast.review.request({
        capability: CAPABILITIES.adjust,
        args: { invoice_id, late_fee_cents },
        reason: 'the old price list',
      });
      await rehearsed(stage.cast, proposal_id);
      await approved(stage.cast, proposal_id);
      await ended(stage.cast, proposal_id);
      return proposal_id;
    };

    test('are found by words and state, and each leads to its page', async () => {
      const id = await stage.pending('INV-3020', `word-of-its-own ${HOSTILE}`);
      const { page, faults } = await stage.signedIn('oscar', '/t/acme/proposals');
      await page.getByRole('link', { name: 'INV-3020' }).waitFor();
      await expectAccessible(page);
      await page.getByRole('searchbox').fill('word-of-its-own');
      await page.keyboard.press('Enter');
      await page.waitForURL(/q=word-of-its-own/);
      await page.getByText('1', { exact: true }).waitFor();
      await page.getByLabel('State').selectOption('applied');
      await page.getByText('No proposal fits').waitFor();
      await page.getByRole('button', { name: 'Show all' }).click();
      await page.getByRole('link', { name: 'INV-3020' }).click();
      await page.waitForURL((address) => address.pathname.endsWith(id));
      await page.getByText('Why is this waiting?').waitFor();
      expect(await page.getByRole('main').textContent()).toContain('<img src=x');
      expect(await page.title()).toBe('Countersign');
      expect(faults).toEqual([]);
      await page.context().close();
    });

    test('an applied one tells its attempts and receipts, and gives its entries as a file that was verified', async () => {
      const id = await adjusted('INV-3032', 1_100);
      const { page, faults } = await stage.signedIn('olivia', `/t/acme/proposals/${id}`);
      await page.getByRole('heading', { name: 'Attempts' }).waitFor();
      await page.getByText('reported applied').waitFor();
      const receipts = page.getByRole('region', { name: 'Receipts' });
      const { result } = await stage.cast.agent.read(id);
      expect(await receipts.textContent()).toContain(Object(result).result_hash);
      await expectAccessible(page);
      const downloading = page.waitForEvent('download');
      await page.getByRole('button', { name: 'Export its entries' }).click();
      const text = await readFile(await (await downloading).path(), 'utf8');
      expect(text.trim().split('\n').at(-1)).toContain(`"subject":"${id}"`);
      await page.getByText(/Verified here, in your browser/).waitFor();
      expect(faults).toEqual([]);
      await page.context().close();
    });

    test('an undo is a new proposal that somebody else decides, and puts the row back', async () => {
      const { late_fee_cents: before } = await stage.cast.customer.invoice('INV-3022');
      const id = await adjusted('INV-3022', 1_200);
      const { page, faults } = await stage.signedIn('olivia', `/t/acme/proposals/${id}`);
      await page.getByRole('button', { name: 'Undo' }).click();
      const dialog = page.getByRole('dialog');
      await dialog.getByRole('textbox').fill('it was the right price list');
      await expectAccessible(page);
      await dialog.getByRole('button', { name: 'Propose the reverse' }).click();
      await page.waitForURL((address) => !address.pathname.endsWith(id));
      await page.getByText('You proposed it: somebody else has to decide.').waitFor();
      const reverse = new URL(page.url()).pathname.split('/').at(-1) ?? '';
      const { effect_digest, reason } = await stage.cast.approver.read(reverse);
      expect(reason).toBe(`Undo of ${id}: it was the right price list`);
      await stage.cast.approver.approve(reverse, { effect_digest: String(effect_digest) });
      await eventually(
        () => stage.cast.approver.read(reverse),
        ({ status }) => status === 'applied',
      );
      expect(await stage.cast.customer.invoice('INV-3022')).toMatchObject({ late_fee_cents: before });
      expect(faults).toEqual([]);
      await page.context().close();
    });

    test('where no capability would write the old values back, it says so and why', async () => {
      const id = await stage.pending('INV-3023');
      await approved(stage.cast, id);
      await ended(stage.cast, id);
      const { page } = await stage.signedIn('olivia', `/t/acme/proposals/${id}`);
      await page.getByRole('button', { name: 'Undo' }).click();
      await page
        .getByRole('dialog')
        .getByText(/No capability of the contract in force/)
        .waitFor();
      await page.context().close();
    });

    test('an approver sees why they may not undo, and a viewer no values', async () => {
      const id = await adjusted('INV-3034', 1_300);
      const ada = await stage.signedIn('ada', `/t/acme/proposals/${id}`);
      const undo = ada.page.getByRole('button', { name: 'Undo' });
      await undo.waitFor();
      expect(await undo.getAttribute('aria-disabled')).toBe('true');
      const vera = await stage.signedIn('vera', '/t/acme/proposals');
      await vera.page.getByRole('link', { name: id }).waitFor();
      expect(await vera.page.textContent('body')).not.toContain('INV-3034');
      for (const { page } of [ada, vera]) await page.context().close();
    });
  },
);
