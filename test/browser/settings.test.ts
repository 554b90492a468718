import { createCallApi } from '@countersign/client/call-api';
import { createCredentialsApi } from '@countersign/client/credentials-api';
import { createPeopleApi } from '@countersign/client/people-api';
import type { Page } from 'playwright-core';
import { beforeAll, describe, expect, test } from 'vitest';
import { ACME } from '../../scripts/stack/acme.ts';
import { eventually } from '../support/eventually.ts';
import { expectAccessible } from './support/axe.ts';
import { whyNoBrowser } from './support/chromium.ts';
import { type BrowserStage, sharedStage } from './support/stage.ts';

const obstacle = whyNoBrowser();
const SETTINGS = '/t/acme/settings';
const HOSTILE = '<img src=x onerror=document.title="owned">';

describe.skipIf(obstacle !== undefined)(
  `the settings${obstacle === undefined ? '' : ` (SKIPPED: ${obstacle})`}`,
  () => {
    let stage: BrowserStage;
    beforeAll(async () => {
      stage = await sharedStage();
    }, 120_000);

    const row = (page: Page, text: string) => page.getByRole('row').filter({ hasText: text });
    const dialog = (page: Page) => page.getByRole('dialog');
    const ofOwner = () => createCallApi({ ...stage.cast.ownerConnection, projectId: ACME.project_id });

    /** What a dialog shows once, and that it is gone with the dialog. */
    async function keepSecret(page: Page): Promise<string> {
      const shown = dialog(page).getByRole('status', { name: 'The secret' });
      const secret = (await shown.textContent()) ?? '';
      expect(await dialog(page).getByRole('button', { name: 'Done' }).getAttribute('aria-disabled')).toBe(
        'true',
      );
      await page.keyboard.press('Escape');
      expect(await shown.textContent()).toBe(secret);
      await dialog(page).getByRole('checkbox').check();
      await dialog(page).getByRole('button', { name: 'Done' }).click();
      await dialog(page).waitFor({ state: 'detached' });
      expect(await page.content()).not.toContain(secret);
      const kept = await page.evaluate(() => JSON.stringify([{ ...localStorage }, { ...sessionStorage }]));
      expect(kept + page.url()).not.toContain(secret);
      return secret;
    }

    test('invite by a link whose code no server sees, and whoever opens it signed in becomes a member', async () => {
      const { page, faults } = await stage.signedIn('olivia', SETTINGS);
      await page.getByRole('button', { name: 'Invite' }).click();
      await dialog(page).getByLabel('Name', { exact: true }).fill('Greta Sorensen');
      await dialog(page)
        .getByRole('checkbox', { name: /viewer/ })
        .check();
      await dialog(page).getByRole('button', { name: 'Make the link' }).click();
      const link = new URL(await keepSecret(page));
      await row(page, 'Greta Sorensen').getByText('open', { exact: true }).waitFor();
      const code = link.hash.slice(1);
      expect(`${link.pathname}${link.search}`).toBe(`/join/${ACME.project_id}`);

      const guest = await stage.newPage();
      const asked: string[] = [];
      guest.page.on('request', (request) => asked.push(request.url()));
      await guest.page.goto(link.href);
      await guest.page.getByRole('button', { name: /^Continue with/ }).click();
      await stage.enterPassword(guest.page, 'greta');
      await guest.page.getByRole('button', { name: 'Become a member' }).click();
      await guest.page.getByText(/You are a member now, as Greta Sorensen: viewer/).waitFor();
      await expectAccessible(guest.page);
      expect(asked.filter((url) => url.includes(code))).toEqual([]);
      await guest.page.getByRole('link', { name: 'Open the project' }).click();
      await guest.page.getByRole('link', { name: 'Settings' }).click();
      await guest.page.getByText('Greta Sorensen').first().waitFor();
      expect(
        await guest.page.getByRole('button', { name: 'Remove' }).first().getAttribute('aria-disabled'),
      ).toBe('true');
      await guest.page.context().close();

      await page.reload();
      const greta = page.getByRole('table', { name: 'Members', exact: true });
      await row(page, 'greta@globex.example').waitFor();
      await greta
        .getByRole('row')
        .filter({ hasText: 'greta@globex.example' })
        .getByRole('button', { name: 'Remove' })
        .click();
      await dialog(page).getByRole('button', { name: 'Remove' }).click();
      await row(page, 'greta@globex.example').waitFor({ state: 'detached' });
      expect(faults).toEqual([]);
      expect(guest.faults).toEqual([]);
      await page.context().close();
    });

    test('change roles, and say why the last owner cannot stop being one', async () => {
      const { page } = await stage.signedIn('olivia', SETTINGS);
      await row(page, 'vera@acme.example').getByRole('button', { name: 'Roles' }).click();
      await dialog(page)
        .getByRole('checkbox', { name: /^auditor/ })
        .check();
      await dialog(page).getByRole('button', { name: 'Save the roles' }).click();
      await row(page, 'vera@acme.example').getByText('auditor, viewer').waitFor();
      await row(page, 'vera@acme.example').getByRole('button', { name: 'Roles' }).click();
      await dialog(page)
        .getByRole('checkbox', { name: /^auditor/ })
        .uncheck();
      await dialog(page).getByRole('button', { name: 'Save the roles' }).click();
      await row(page, 'vera@acme.example').getByText('viewer', { exact: true }).waitFor();

      await row(page, 'olivia@acme.example').getByRole('button', { name: 'Remove' }).click();
      await dialog(page).getByText('This is the only owner.', { exact: false }).waitFor();
      await dialog(page).getByRole('button', { name: 'Remove' }).click();
      await dialog(page).getByText('last_owner').waitFor();
      await expectAccessible(page);
      await page.context().close();
    });

    test('let a claim make members, and take that back', async () => {
      const { page } = await stage.signedIn('olivia', SETTINGS);
      await page.getByRole('button', { name: 'Add a claim' }).click();
      await dialog(page).getByLabel('Value', { exact: true }).fill(HOSTILE);
      expect(
        await dialog(page)
          .getByRole('checkbox', { name: /^owner/ })
          .count(),
      ).toBe(0);
      await dialog(page)
        .getByRole('checkbox', { name: /^viewer/ })
        .check();
      await dialog(page).getByRole('button', { name: 'Let it make members' }).click();
      await row(page, HOSTILE).waitFor();
      expect(await page.title()).not.toBe('owned');
      expect(await createPeopleApi(ofOwner()).claims()).toMatchObject({
        mappings: [{ value: HOSTILE, roles: ['viewer'] }],
      });
      await row(page, HOSTILE).getByRole('button', { name: 'Remove' }).click();
      await dialog(page).getByRole('button', { name: 'Remove' }).click();
      await row(page, HOSTILE).waitFor({ state: 'detached' });
      await page.context().close();
    });

    test('make, rotate and revoke a runner token, each secret shown once', async () => {
      const { page, faults } = await stage.signedIn('olivia', `${SETTINGS}?part=credentials`);
      await page.getByRole('button', { name: 'New runner token' }).click();
      await dialog(page).getByLabel('Name', { exact: true }).fill(HOSTILE);
      await dialog(page)
        .getByRole('checkbox', { name: new RegExp(ACME.source_id) })
        .check();
      await expectAccessible(page);
      await dialog(page).getByRole('button', { name: 'Make the token' }).click();
      const first = await keepSecret(page);
      expect(first).toMatch(/^syn_run_/);
      await row(page, HOSTILE).getByRole('button', { name: 'Rotate' }).click();
      await dialog(page).getByRole('button', { name: 'Make a new secret' }).click();
      expect(await keepSecret(page)).not.toBe(first);
      await row(page, HOSTILE)
        .filter({ hasText: 'retiring' })
        .getByRole('button', { name: 'Revoke' })
        .click();
      await dialog(page).getByRole('textbox').fill('never needed');
      await dialog(page).getByRole('button', { name: 'Revoke' }).click();
      await row(page, HOSTILE).filter({ hasText: 'revoked' }).waitFor();
      const { runner_tokens } = await createCredentialsApi(ofOwner(), ACME.project_id).runnerTokens();
      const made = runner_tokens.filter(({ name }) => name === HOSTILE).map(({ status }) => status);
      expect(made.toSorted()).toEqual(['active', 'revoked']);
      expect(faults).toEqual([]);
      await page.context().close();
    });

    test('make a service account and an agent of closed lists', async () => {
      const { page } = await stage.signedIn('olivia', `${SETTINGS}?part=credentials&kind=services`);
      await page.getByRole('button', { name: 'New service account' }).click();
      await dialog(page).getByLabel('Name', { exact: true }).fill('ci-of-the-pages');
      await dialog(page).getByRole('checkbox', { name: 'contracts:read' }).check();
      await dialog(page).getByRole('button', { name: 'Make the key' }).click();
      await keepSecret(page);
      await row(page, 'ci-of-the-pages').getByText('contracts:read').waitFor();

      await page.getByRole('link', { name: 'Agents' }).click();
      await page.getByRole('button', { name: 'New agent' }).click();
      await dialog(page).getByLabel('Name', { exact: true }).fill('agent-of-the-pages');
      await dialog(page).getByLabel('Tenant').fill('acme');
      await dialog(page).getByLabel('Principal').fill('support_agent_18');
      await dialog(page)
        .getByRole('checkbox', { name: new RegExp(ACME.source_id) })
        .check();
      await dialog(page).getByRole('button', { name: 'Make the token' }).click();
      await keepSecret(page);
      await row(page, 'agent-of-the-pages').getByText('principal=support_agent_18').waitFor();
      await page.context().close();
    });

    test('allow an origin that is exact, and deny it again', async () => {
      const { page } = await stage.signedIn('olivia', `${SETTINGS}?part=sign-in`);
      await page.getByRole('button', { name: 'Allow an origin' }).click();
      await dialog(page).getByLabel('Origin').fill('https://*.example.com');
      await dialog(page)
        .getByText(/must be an exact origin/)
        .waitFor();
      expect(await dialog(page).getByRole('button', { name: 'Allow' }).isDisabled()).toBe(true);
      await dialog(page).getByLabel('Origin').fill('https://app.example.com');
      await dialog(page).getByRole('button', { name: 'Allow' }).click();
      await row(page, 'https://app.example.com').getByRole('button', { name: 'Deny' }).click();
      await dialog(page).getByRole('button', { name: 'Deny' }).click();
      await page.getByText(/^No other origin/).waitFor();
      await page.context().close();
    });

    test('take a snapshot, prove it, and say when one came back last', async () => {
      const { page } = await stage.signedIn('olivia', `${SETTINGS}?part=backups`);
      const proof = () => page.getByRole('definition').first().textContent();
      for (const name of ['Take a snapshot', 'Prove the newest']) {
        const button = page.getByRole('button', { name });
        await eventually(
          () => button.getAttribute('aria-disabled'),
          (refused) => refused === null,
        );
        await button.click();
      }
      await eventually(proof, (text) => text?.startsWith('proven') === true);
      await page.getByRole('button', { name: 'Restore' }).first().click();
      await dialog(page).getByText('All work is held afterwards', { exact: false }).waitFor();
      expect(await dialog(page).getByRole('button', { name: 'Restore' }).isDisabled()).toBe(true);
      await expectAccessible(page);
      await page.context().close();
    });

    test.each(['members', 'credentials', 'sources', 'sign-in', 'backups', 'limits', 'project'])(
      'keep nobody out, light or dark: %s',
      async (part) => {
        const { page, faults } = await stage.signedIn('olivia', `${SETTINGS}?part=${part}`);
        await page.getByRole('heading', { level: 2 }).first().waitFor();
        await expectAccessible(page);
        await page.emulateMedia({ colorScheme: 'dark' });
        await expectAccessible(page);
        expect(faults).toEqual([]);
        await page.context().close();
      },
    );

    test('show a viewer what everybody may see, and why not the rest', async () => {
      const { page, faults } = await stage.signedIn('vera', `${SETTINGS}?part=limits`);
      await page.getByText('open_proposals').waitFor();
      await page.getByRole('link', { name: 'Credentials' }).click();
      await page.getByText(/Your roles do not include seeing this/).waitFor();
      await page.getByRole('link', { name: 'Ending' }).click();
      const away = page.getByRole('button', { name: 'Put it away' });
      expect(await away.getAttribute('aria-disabled')).toBe('true');
      await away.click({ force: true });
      expect(await dialog(page).count()).toBe(0);
      expect(faults).toEqual([]);
      await page.context().close();
    });

    test('end the login with which the page asks', async () => {
      const { page } = await stage.signedIn('oscar', `${SETTINGS}?part=sign-in`);
      await page.getByRole('button', { name: 'End this login' }).click();
      await dialog(page).getByRole('button', { name: 'End it' }).click();
      await page.getByRole('button', { name: /^Continue with/ }).waitFor();
      await page.context().close();
    });
  },
);
