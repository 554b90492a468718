import { beforeAll, describe, expect, test } from 'vitest';
import { ended } from '../../scripts/story/proposing.ts';
import { eventually } from '../support/eventually.ts';
import { expectAccessible } from './support/axe.ts';
import { whyNoBrowser } from './support/chromium.ts';
import { Payments } from './support/payments.ts';
import { type BrowserStage, sharedStage } from './support/stage.ts';

const obstacle = whyNoBrowser();

describe.skipIf(obstacle !== undefined)(
  `the inbox${obstacle === undefined ? '' : ` (SKIPPED: ${obstacle})`}`,
  () => {
    let stage: BrowserStage;
    let payments: Payments;
    beforeAll(async () => {
      stage = await sharedStage();
      payments = await Payments.open(stage.cast);
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

    test('approves nothing that became another while somebody read it', async () => {
      const id = await stage.pending('INV-3013', 'the first reason');
      const { page } = await stage.signedIn('ada', `/t/acme/inbox?item=${id}`);
      const card = page.getByRole('article');
      await card.getByText('the payment crossed our reminder').first().waitFor();
      await stage.cast.review.revise(id, { args: { invoice_id: 'INV-3013', reason: 'quite another one' } });
      await card.getByText('quite another one').first().waitFor();
      await page
        .getByText(/has changed since you opened it/)
        .first()
        .waitFor();
      await page.keyboard.press('a');
      expect(await stage.cast.agent.read(id)).toMatchObject({ decisions: [] });
      await page.getByRole('button', { name: /I have read it/ }).click();
      await page.keyboard.press('a');
      await card.getByText('The row was written, once.').waitFor();
      expect(await stage.cast.customer.invoice('INV-3013')).toMatchObject({
        waiver_reason: 'quite another one',
      });
      await page.context().close();
    });

    test('decides about several at once, each on its own', async () => {
      const ids = [await stage.pending('INV-3010'), await stage.pending('INV-3011')];
      const { page } = await stage.signedIn('ada');
      for (const invoice of ['INV-3010', 'INV-3011'])
        await page.getByRole('checkbox', { name: `Choose ${invoice}` }).check();
      // Somebody withdraws one of them while the approval of it is on its way.
      await page.route(`**/${ids[1]}/approve*`, async (route) => {
        await stage.cast.agent.cancel(ids[1] ?? '');
        await route.continue();
      });
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

    test('holds actions beside proposals, and lets one go with the same key', async () => {
      const [proposal, action] = [await stage.pending('INV-3017'), await payments.asked('pi_inbox')];
      const { faults, page } = await stage.signedIn('ada');
      await page.getByRole('button', { name: /INV-3017/ }).waitFor();
      await page.getByLabel('Target').selectOption('payments');
      await page.getByRole('button', { name: /INV-3017/ }).waitFor({ state: 'detached' });
      await page.getByRole('button', { name: /pi_inbox/ }).click();
      const card = page.getByRole('article');
      await card.getByText('To the account').waitFor();
      expect(await card.textContent()).toContain('about pi_inbox');
      await expectAccessible(page);
      await page.keyboard.press('a');
      await card.getByText(/It waits for a worker for payments/).waitFor();
      await payments.ends({ outcome: 'succeeded', reference: 'p-1', was_done: false });
      await card.getByText('It has happened.').waitFor();
      expect(await stage.cast.acting.read(action)).toMatchObject({ status: 'succeeded' });
      expect(await stage.cast.agent.read(proposal)).toMatchObject({ status: 'pending_review' });
      await stage.cast.agent.cancel(proposal);
      expect(faults).toEqual([]);
      await page.context().close();
    });

    test('rejects an action only with a reason', async () => {
      const id = await payments.asked('pi_rejected');
      const { page } = await stage.signedIn('ada', `/t/acme/inbox?item=${id}`);
      await page.getByRole('article').waitFor();
      await page.keyboard.press('r');
      const dialog = page.getByRole('dialog');
      expect(await dialog.getByRole('button', { name: 'Reject' }).isDisabled()).toBe(true);
      await dialog.getByRole('textbox').fill('it was paid back in the shop');
      await dialog.getByRole('button', { name: 'Reject' }).click();
      await page.getByRole('article').getByText('rejected', { exact: true }).first().waitFor();
      expect(await stage.cast.acting.read(id)).toMatchObject({
        status: 'rejected',
        decisions: [{ reason: 'it was paid back in the shop' }],
      });
      await page.context().close();
    });

    test('warns of what is probably done, and lets nobody approve it among others', async () => {
      const payment = 'pi_twice';
      const [first, second] = [await payments.asked(payment), await payments.asked(payment, 'once more')];
      const change = await stage.pending('INV-3013');
      const { page } = await stage.signedIn('ada', `/t/acme/inbox?item=${second}`);
      const card = page.getByRole('article');
      await card.getByText(/probably been done already/).waitFor();
      await card.getByRole('link', { name: first }).waitFor();
      await page.getByRole('button', { name: /let it happen twice/ }).waitFor();
      await page.getByRole('checkbox', { name: 'Choose INV-3013' }).check();
      await page.keyboard.press('x');
      await page.getByRole('button', { name: 'Approve each' }).click();
      await page.getByText('1 decided, 1 not').waitFor();
      expect(await ended(stage.cast, change)).toMatchObject({ status: 'applied' });
      expect(await stage.cast.acting.read(second)).toMatchObject({ status: 'held' });
      for (const id of [first, second]) await stage.cast.acting.cancel(id);
      await page.context().close();
    });
  },
);
