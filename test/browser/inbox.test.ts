import { beforeAll, describe, expect, test } from 'vitest';
import { ended } from '../../scripts/story/proposing.ts';
import { eventually } from '../support/eventually.ts';
import { whyNoBrowser } from './support/chromium.ts';
import { type BrowserStage, sharedStage } from './support/stage.ts';

const obstacle = whyNoBrowser();

describe.skipIf(obstacle !== undefined)(
  `the inbox${obstacle === undefined ? '' : ` (SKIPPED: ${obstacle})`}`,
  () => {
    let stage: BrowserStage;
    beforeAll(async () => {
      stage = await sharedStage();
    }, 120_000);

    test('leads to what is decided with one key, and the row is written', async () => {
      const id = await stage.pending('INV-3001');
      const { page, faults } = await stage.signedIn('ada');
      const card = page.getByRole('article');
      await page.getByRole('button', { name: /INV-3001/ }).waitFor();
      await page.keyboard.press('j');
      await card.getByText('Why').waitFor();
      await page.getByRole('button', { name: /INV-3001/ }).click();
      expect(await card.getByRole('heading').textContent()).toContain('INV-3001');
      await page.keyboard.press('a');
      await card.getByText('The row was written, once.').waitFor();
      expect(await ended(stage.cast, id)).toMatchObject({ status: 'applied' });
      expect(await stage.cast.customer.invoice('INV-3001')).toMatchObject({ late_fee_cents: 0 });
      expect(faults).toEqual([]);
      await page.context().close();
    });

    test('rejects only with a reason, which the proposer is told', async () => {
      const id = await stage.pending('INV-3002');
      const { page } = await stage.signedIn('ada', `/t/acme/inbox?item=${id}`);
      await page.getByRole('article').waitFor();
      await page.keyboard.press('r');
      const dialog = page.getByRole('dialog');
      expect(await dialog.getByRole('button', { name: 'Reject' }).isDisabled()).toBe(true);
      await dialog.getByRole('textbox').fill('the customer never paid');
      await dialog.getByRole('button', { name: 'Reject' }).click();
      await page.getByRole('article').getByText('rejected', { exact: true }).first().waitFor();
      expect(await stage.cast.agent.read(id)).toMatchObject({
        status: 'rejected',
        decisions: [{ reason: 'the customer never paid' }],
      });
      await page.context().close();
    });

    test('sends back with a question', async () => {
      const id = await stage.pending('INV-3005');
      const { page } = await stage.signedIn('ada', `/t/acme/inbox?item=${id}`);
      await page.getByRole('article').waitFor();
      await page.keyboard.press('q');
      await page.getByRole('dialog').getByRole('textbox').fill('which reminder?');
      await page.keyboard.press('Control+Enter');
      await page.getByRole('article').getByText('which reminder?').first().waitFor();
      expect(await stage.cast.agent.read(id)).toMatchObject({ status: 'changes_requested' });
      await page.context().close();
    });

    test('tells the second of two people that the first has decided', async () => {
      const id = await stage.pending('INV-3004');
      const [first, second] = await Promise.all(
        (['ada', 'ben'] as const).map((name) => stage.signedIn(name, `/t/acme/inbox?item=${id}`)),
      );
      if (first === undefined || second === undefined) throw new TypeError('there are two');
      const approve = { name: /Approve/ };
      await Promise.all([first, second].map(({ page }) => page.getByRole('button', approve).waitFor()));
      await first.page.keyboard.press('a');
      await first.page.getByText('The row was written, once.').waitFor();
      await second.page.keyboard.press('a');
      await eventually(
        () => second.page.getByRole('article').textContent(),
        (text) => text?.includes('written, once') === true,
      );
      const { decisions } = await stage.cast.agent.read(id);
      expect(decisions).toHaveLength(1);
      for (const { page } of [first, second]) await page.context().close();
    });

    test('decides about several at once, each on its own', async () => {
      const ids = [await stage.pending('INV-3010'), await stage.pending('INV-3011')];
      const { page } = await stage.signedIn('ada');
      for (const invoice of ['INV-3010', 'INV-3011'])
        await page.getByRole('checkbox', { name: `Choose ${invoice}` }).check();
      // Somebody withdraws one of them meanwhile.
      await stage.cast.agent.cancel(ids[1] ?? '');
      await page.getByRole('button', { name: 'Approve each' }).click();
      await page.getByText('1 decided, 1 not').waitFor();
      expect(await ended(stage.cast, ids[0] ?? '')).toMatchObject({ status: 'applied' });
      await page.context().close();
    });

    test('shows a viewer that something waits, and nothing of it', async () => {
      const id = await stage.pending('INV-3014', 'a reason that is nobody else’s business');
      const { page } = await stage.signedIn('vera', `/t/acme/inbox?item=${id}`);
      await page.getByText(/without its values, arguments and reasons/).waitFor();
      expect(await page.textContent('body')).not.toContain('nobody else');
      expect(await page.getByRole('button', { name: /Approve/ }).getAttribute('aria-disabled')).toBe('true');
      await page.context().close();
    });
  },
);
