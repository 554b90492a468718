import { beforeAll, describe, expect, test } from 'vitest';
import { eventually } from '../support/eventually.ts';
import { expectAccessible } from './support/axe.ts';
import { whyNoBrowser } from './support/chromium.ts';
import { creditContract } from './support/second-contract.ts';
import { type BrowserStage, sharedStage } from './support/stage.ts';

const obstacle = whyNoBrowser();
const HOSTILE = '\u202eCredits<img src=x onerror=alert(1)>';

describe.skipIf(obstacle !== undefined)(
  `the pages of contracts${obstacle === undefined ? '' : ` (SKIPPED: ${obstacle})`}`,
  () => {
    let stage: BrowserStage;
    let contractId: string;
    let first: string;
    let second: string;
    beforeAll(async () => {
      stage = await sharedStage();
      const { contracts, sourceId } = stage.cast;
      const narrow = { version: '1.0.0', mostCents: 5_000, description: HOSTILE };
      const pushed = await contracts.push({
        contract: creditContract(sourceId, narrow),
        activate: true,
        reason: 'credits begin',
      });
      contractId = pushed.contract_id;
      first = pushed.contract_version_id;
      const wide = { version: '1.1.0', mostCents: 90_000, description: HOSTILE };
      second = (await contracts.push({ contract: creditContract(sourceId, wide) })).contract_version_id;
    }, 120_000);

    const inForce = async () => (await stage.cast.contracts.history(contractId)).contract.active_version_id;
    const path = () => `/t/acme/contracts/${contractId}`;

    test('say in words what a version allows, and show what somebody wrote as text', async () => {
      const { page, faults } = await stage.signedIn('audrey', '/t/acme/contracts');
      await page.getByRole('link', { name: 'acme-credit' }).click();
      const card = page.getByRole('article', { name: 'credit.set_late_fee' });
      await card.getByText('Changes one row of public.invoices').waitFor();
      const words = await card.textContent();
      expect(words).toContain('0.00 to 50.00');
      expect(words).toContain('one approval by billing_lead');
      expect(words).toContain('only while version is as it was');
      expect(await page.textContent('main')).toContain('\\u{202e}Credits<img src=x');
      expect(await page.locator('main img').count()).toBe(0);
      expect(faults).toEqual([]);
      await expectAccessible(page);
      await page.context().close();
    });

    test('show what is found in it, the versions, and the document', async () => {
      const { page, faults } = await stage.signedIn('audrey', path());
      await page.getByRole('tab', { name: /Findings/ }).click();
      await page
        .getByText('guard_by_time')
        .or(page.getByRole('heading', { name: /Warnings|Notes|Nothing/ }))
        .first()
        .waitFor();
      await page.getByRole('tab', { name: 'Document' }).click();
      await page.getByText('"kind": "SynapsorContract"').waitFor();
      await page.getByRole('tab', { name: 'Versions' }).click();
      await page.getByRole('button', { name: 'How Version 2 (1.1.0) differs' }).click();
      const differences = page.getByRole('region', { name: 'Differences between two versions' });
      await differences.getByRole('heading', { name: 'What permits more' }).waitFor();
      const risky = differences.getByRole('list').first();
      expect(await risky.textContent()).toContain('The bounds are wider');
      expect(await risky.getByText('permits more').count()).toBe(await risky.getByRole('listitem').count());
      expect(faults).toEqual([]);
      await expectAccessible(page);
      await page.context().close();
    });

    test('bring a version that permits more into force only with a reason, and roll it back', async () => {
      const { page, faults } = await stage.signedIn('olivia', `${path()}?version=${second}`);
      await page.getByRole('button', { name: 'Activate' }).click();
      const dialog = page.getByRole('dialog');
      await dialog.getByText('The bounds are wider').waitFor();
      expect(await dialog.getByRole('button', { name: 'Activate' }).isDisabled()).toBe(true);
      await dialog.getByRole('textbox').fill('the finance team agreed');
      await expectAccessible(page);
      await dialog.getByRole('button', { name: 'Activate' }).click();
      await page.getByText('Version 2 (1.1.0) is in force.').waitFor();
      expect(await inForce()).toBe(second);
      await page.getByRole('combobox', { name: 'Version' }).selectOption(first);
      await page.getByRole('button', { name: 'Roll back to it' }).click();
      await page
        .getByRole('dialog')
        .getByText(/none of which permits more/)
        .waitFor();
      await page.getByRole('dialog').getByRole('button', { name: 'Roll back' }).click();
      await page.getByText('Version 1 (1.0.0) is in force.').waitFor();
      await eventually(inForce, (id) => id === first);
      expect(faults).toEqual([]);
      await page.context().close();
    });

    test('tell an operator why they do not bring it into force', async () => {
      const { page } = await stage.signedIn('oscar', `${path()}?version=${second}`);
      const activate = page.getByRole('button', { name: 'Activate' });
      expect(await activate.getAttribute('aria-disabled')).toBe('true');
      expect(await activate.getAttribute('title')).toContain('Owners and admins');
      await activate.click({ force: true });
      expect(await page.getByRole('dialog').count()).toBe(0);
      await page.context().close();
    });
  },
);
