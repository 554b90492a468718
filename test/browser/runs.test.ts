import { createCallApi } from '@countersign/client/call-api';
import { createRunsApi } from '@countersign/client/runs-api';
import { beforeAll, describe, expect, test } from 'vitest';
import { waiver } from '../../scripts/story/proposing.ts';
import { expectAccessible } from './support/axe.ts';
import { whyNoBrowser } from './support/chromium.ts';
import { type BrowserStage, sharedStage } from './support/stage.ts';

const obstacle = whyNoBrowser();
const HOSTILE = '<img src=x onerror=alert(1)> \u202egnp';

describe.skipIf(obstacle !== undefined)(
  `the runs${obstacle === undefined ? '' : ` (SKIPPED: ${obstacle})`}`,
  () => {
    let stage: BrowserStage;
    const runs = () => createRunsApi(createCallApi(stage.cast.agentConnection), stage.cast.agentConnection);
    /** Two tasks, a third behind both, and a proposal behind the first; no worker knows any of these tasks. */
    const begun = async (invoice: string) => {
      const run = await runs().submit({
        command: 'invoice.look',
        text: `Look at ${invoice}. ${HOSTILE}`,
        tasks: [
          { key: 'facts', task: 'gather-facts' },
          { key: 'terms', task: 'read-terms' },
          { task: 'draft-letter', after: ['facts', 'terms'] },
        ],
      });
      const { proposal_id } = await stage.cast.review.request({
        ...waiver(invoice, 'the customer was in hospital'),
        run: { run_id: run.run_id, after: [run.step_ids[0] ?? ''] },
      });
      return { id: run.run_id, proposalId: proposal_id };
    };
    beforeAll(async () => {
      stage = await sharedStage();
    }, 120_000);

    test('are listed by state, and lead to their steps and their words', async () => {
      const { id } = await begun('INV-3006');
      const { faults, page } = await stage.signedIn('oscar', '/t/acme/runs?state=open');
      await page
        .getByRole('link', { name: /invoice\.look/ })
        .first()
        .waitFor();
      await expectAccessible(page);
      await page.goto(`${stage.stack.url}/t/acme/runs/${id}`);
      await page.getByText('Look at INV-3006. <img src=x onerror=alert(1)> \\u{202e}gnp').first().waitFor();
      await page.getByText(/The chain of its \d+ entries was verified here/).waitFor();
      await page.getByRole('link', { name: /3 · task/ }).waitFor();
      expect(await page.getByRole('list', { name: 'Steps' }).getByRole('listitem').count()).toBe(4);
      await page.getByText(/follows step 1, 2; waits for step 1, step 2/).waitFor();
      await expectAccessible(page);
      expect(faults).toEqual([]);
      await page.context().close();
    });

    test('lead from a sentence to the entry that it stands on, and from a step to its proposal', async () => {
      const { id, proposalId } = await begun('INV-3007');
      const { faults, page } = await stage.signedIn('olivia', `/t/acme/runs/${id}`);
      const sentence = page.getByRole('listitem').filter({ hasText: 'asked for invoice.look' });
      await sentence.getByRole('link', { name: /Entry \d+ of the ledger/ }).click();
      const dialog = page.getByRole('dialog');
      await dialog.getByText('run.started').waitFor();
      await expectAccessible(page);
      await dialog.getByRole('button', { name: 'Close' }).click();
      await page.getByRole('link', { name: /4 · proposal/ }).click();
      await page.waitForURL((address) => address.pathname.endsWith(`/proposals/${proposalId}`));
      expect(faults).toEqual([]);
      await page.context().close();
    });

    test('read an entry of a proposal from the ledger, where the reader may', async () => {
      const { id } = await begun('INV-3008');
      const asked = async (name: 'olivia' | 'oscar') => {
        const { page } = await stage.signedIn(name, `/t/acme/runs/${id}`);
        const sentence = page.getByRole('listitem').filter({ hasText: 'asked for billing.waive_late_fee' });
        await sentence
          .getByRole('link', { name: /Entry \d+ of the ledger/ })
          .last()
          .click();
        return page;
      };
      const olivia = await asked('olivia');
      await olivia.getByRole('dialog').getByText('proposal.requested', { exact: true }).waitFor();
      await olivia.context().close();
      const oscar = await asked('oscar');
      await oscar
        .getByRole('dialog')
        .getByText(/your roles do not include reading/)
        .waitFor();
      await oscar
        .getByRole('dialog')
        .getByRole('link', { name: /Open the proposal of step 4/ })
        .waitFor();
      await oscar.context().close();
    });

    test('are canceled with a reason, a single task as well, and by no viewer', async () => {
      const { id } = await begun('INV-3009');
      const { page: other } = await stage.signedIn('vera', `/t/acme/runs/${id}`);
      const refused = other.getByRole('button', { name: 'Cancel the run' });
      expect(await refused.getAttribute('aria-disabled')).toBe('true');
      expect(await other.textContent('body')).not.toContain('Look at INV-3009');
      await other.context().close();
      const { faults, page } = await stage.signedIn('oscar', `/t/acme/runs/${id}`);
      const steps = page.getByRole('list', { name: 'Steps' });
      await steps.getByRole('link', { name: /read-terms/ }).click();
      await page.getByRole('button', { name: 'Cancel this task' }).click();
      await page.getByRole('dialog').getByRole('textbox').fill('there are none');
      await page.getByRole('dialog').getByRole('button', { name: 'Cancel this task' }).click();
      await steps
        .getByRole('link', { name: /read-terms/ })
        .getByText('canceled')
        .waitFor();
      await page.getByRole('button', { name: 'Cancel the run' }).click();
      await page.getByRole('dialog').getByRole('textbox').fill('not needed any more');
      await page.getByRole('dialog').getByRole('button', { name: 'Cancel the run' }).click();
      await page.getByText(/canceled the run: "not needed any more"/).waitFor();
      expect(await runs().read(id)).toMatchObject({ status: 'canceled' });
      expect(faults).toEqual([]);
      await page.context().close();
    });

    test('that nothing else ends are ended by who says what they came to', async () => {
      const { run_id } = await runs().submit({ command: 'month.close', ends: 'when_told' });
      const { page } = await stage.signedIn('oscar', `/t/acme/runs/${run_id}`);
      await page.getByRole('button', { name: 'It has succeeded' }).click();
      await page.getByRole('dialog').getByRole('textbox').fill('all of March is paid');
      await page.getByRole('dialog').getByRole('button', { name: 'It has succeeded' }).click();
      await page.getByText(/all of March is paid/).waitFor();
      expect(await runs().read(run_id)).toMatchObject({ status: 'succeeded' });
      await page.context().close();
    });
  },
);
