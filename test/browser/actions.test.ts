import { beforeAll, describe, expect, test } from 'vitest';
import { LETTER } from '../../scripts/stack/acme-contract.ts';
import { eventually } from '../support/eventually.ts';
import { expectAccessible } from './support/axe.ts';
import { whyNoBrowser } from './support/chromium.ts';
import { PAYMENTS, Payments } from './support/payments.ts';
import { type BrowserStage, sharedStage } from './support/stage.ts';

const obstacle = whyNoBrowser();

describe.skipIf(obstacle !== undefined)(
  `the actions${obstacle === undefined ? '' : ` (SKIPPED: ${obstacle})`}`,
  () => {
    let stage: BrowserStage;
    let payments: Payments;
    const standing = async (id: string) => (await stage.cast.acting.read(id)).status;
    beforeAll(async () => {
      stage = await sharedStage();
      payments = await Payments.open(stage.cast);
    }, 120_000);

    test('show the queue by state, and lead to one, with hostile words shown as they are', async () => {
      const id = await payments.asked('pi_hostile', '<img src=x onerror=alert(1)> \u202egnp');
      const { faults, page } = await stage.signedIn('oscar', '/t/acme/actions?state=proposed');
      await page.getByRole('link', { name: /pi_hostile/ }).click();
      const card = page.getByRole('article');
      await card.getByText('<img src=x onerror=alert(1)> \\u{202e}gnp').waitFor();
      expect(page.url()).toContain(`/actions/${id}`);
      expect(await card.textContent()).toContain(PAYMENTS);
      await expectAccessible(page);
      expect(faults).toEqual([]);
      await page.context().close();
    });

    test('are taken back with a reason while nobody has begun', async () => {
      const id = await payments.asked('pi_taken_back');
      const { page } = await stage.signedIn('oscar', `/t/acme/actions/${id}`);
      await page.getByRole('button', { name: 'Take it back' }).click();
      await page.getByRole('dialog').getByRole('textbox').fill('asked for by mistake');
      await page.getByRole('button', { name: 'Cancel the action' }).click();
      await page.getByRole('article').getByText('canceled', { exact: true }).waitFor();
      expect(await standing(id)).toBe('canceled');
      await page.context().close();
    });

    test('that are unknown are settled by an operator who says how they know, and by no approver', async () => {
      const id = await payments.unknown('pi_unknown');
      const { page: other } = await stage.signedIn('ada', `/t/acme/actions/${id}`);
      const refused = other.getByRole('button', { name: 'It has happened' });
      expect(await refused.getAttribute('aria-disabled')).toBe('true');
      await other.context().close();
      const { faults, page } = await stage.signedIn('oscar', `/t/acme/actions/${id}`);
      await page.getByText('Nobody can tell whether it has happened.').waitFor();
      await page.getByText(/timed_out/).waitFor();
      await expectAccessible(page);
      await page.getByRole('button', { name: 'It has happened' }).click();
      await page.getByRole('dialog').getByRole('textbox').fill('it stands on the statement');
      await page.getByRole('dialog').getByRole('button', { name: 'It has happened' }).click();
      await page.getByText('It has happened.').waitFor();
      expect(await standing(id)).toBe('succeeded');
      expect(faults).toEqual([]);
      await page.context().close();
    });

    test('that are dead letters are tried again together, as many as were counted', async () => {
      const ids = [await payments.dead('pi_dead_1'), await payments.dead('pi_dead_2')];
      const { faults, page } = await stage.signedIn('oscar', '/t/acme/actions?tab=dead-letters');
      await page.getByRole('link', { name: /pi_dead_1/ }).waitFor();
      await expectAccessible(page);
      await page.getByRole('button', { name: 'Try all again' }).click();
      const dialog = page.getByRole('dialog');
      await dialog.getByText('Try 2 dead letters of payments again').waitFor();
      await dialog.getByLabel(/How many a minute/).fill('600');
      await dialog.getByRole('textbox', { name: /Why now/ }).fill('they are back');
      await dialog.getByRole('button', { name: 'Try all again' }).click();
      await dialog.getByText('2 are tried again.').waitFor();
      await dialog.getByRole('button', { name: 'Done' }).click();
      await page.getByText('No dead letter', { exact: true }).waitFor();
      for (const id of ids) expect(await standing(id)).toBe('queued');
      // So that nothing of them waits in the way of other tests.
      for (const _ of ids) await payments.ends({ outcome: 'succeeded', reference: null, was_done: false });
      expect(faults).toEqual([]);
      await page.context().close();
    });

    test('tell of an account in trouble how its breaker stands, and an approver may not try it again', async () => {
      const id = await payments.dead('pi_trouble');
      const { faults, page } = await stage.signedIn('ada', '/t/acme/actions?tab=providers');
      const account = page.getByRole('listitem').filter({ hasText: PAYMENTS });
      await account.getByText('breaker closed').waitFor();
      await expectAccessible(page);
      await account.getByRole('button', { name: '1', exact: true }).click();
      const again = page.getByRole('button', { name: 'Try all again' });
      expect(await again.getAttribute('aria-disabled')).toBe('true');
      await page.context().close();
      await stage.cast.actingApprover.read(id);
      expect(faults).toEqual([]);
    });

    test('tied to a proposal are decided with it, by nobody apart from it, and say so afterwards', async () => {
      const proposal_id = await stage.pending('INV-3035');
      const { action_id } = await stage.cast.acting.request({
        action: LETTER,
        args: { invoice_id: 'INV-3035' },
        reason: 'so that the customer knows',
        after: { proposal_id, state: 'applied' },
        decided_with_proposal: true,
      });
      const { faults, page } = await stage.signedIn('ada', `/t/acme/actions/${action_id}`);
      const card = page.getByRole('article');
      await card.getByText(/decided in one with it/).waitFor();
      // Nobody waits for an approval of it alone.
      expect(await card.textContent()).not.toContain('waiting on');
      await page.getByText('It is decided in one with its proposal: decide that one.').waitFor();
      await expectAccessible(page);
      await card.getByRole('link', { name: proposal_id }).click();
      const tied = page.getByRole('region', { name: 'Actions that follow this change' });
      await tied.getByText('Decided in one with it', { exact: false }).waitFor();
      await tied.getByText('INV-3035').waitFor();
      await expectAccessible(page);
      await page.getByRole('button', { name: 'Approve' }).click();
      await eventually(
        () => standing(action_id),
        (status) => status === 'succeeded',
      );
      await tied.getByRole('link', { name: LETTER }).click();
      await page.getByText('It has happened.').waitFor();
      await card.getByText(`the decision on ${proposal_id}`, { exact: false }).waitFor();
      expect(await card.textContent()).not.toContain('waiting on');
      expect(faults).toEqual([]);
      await page.context().close();
    });

    test('show a viewer where they stand, and nothing of what they send', async () => {
      const id = await payments.asked('pi_secret');
      const { page } = await stage.signedIn('vera', `/t/acme/actions/${id}`);
      await page.getByText(/without its values, arguments and reasons/).waitFor();
      expect(await page.textContent('body')).not.toContain('pi_secret');
      await eventually(
        () => page.getByRole('button', { name: 'Take it back' }).getAttribute('aria-disabled'),
        (text) => text === 'true',
      );
      await page.context().close();
    });
  },
);
