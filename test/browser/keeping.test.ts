import { createHash } from 'node:crypto';
import { createAccountApi } from '@countersign/client/account-api';
import { createBackupsApi } from '@countersign/client/backups-api';
import { createCallApi } from '@countersign/client/call-api';
import { createCorsApi } from '@countersign/client/cors-api';
import { createCredentialsApi } from '@countersign/client/credentials-api';
import { createFleetApi } from '@countersign/client/fleet-api';
import type { Connection } from '@countersign/client/http';
import type { Page } from 'playwright-core';
import { beforeAll, describe, expect, test } from 'vitest';
import { eventually } from '../support/eventually.ts';
import { expectAccessible } from './support/axe.ts';
import { whyNoBrowser } from './support/chromium.ts';
import { type BrowserStage, sharedStage } from './support/stage.ts';

const obstacle = whyNoBrowser();
const LABEL = 'kept-shop';
const SOURCE = { source_id: 'src_kept', name: 'Kept database', engine: 'postgres' };
const GRANTED_LATER = 'https://later.example.com';
const LONGEST_MS = 90_000;

describe.skipIf(obstacle !== undefined)(
  `what is kept of a project${obstacle === undefined ? '' : ` (SKIPPED: ${obstacle})`}`,
  () => {
    let stage: BrowserStage;
    let projectId: string;
    let owner: Connection;
    const dialog = (page: Page) => page.getByRole('dialog');
    const backups = () => createBackupsApi(createCallApi(owner), owner);
    const tokens = () => createCredentialsApi(createCallApi(owner), projectId);
    const cors = () => createCorsApi(createCallApi(owner));

    beforeAll(async () => {
      stage = await sharedStage();
      const { ownerConnection, stack } = stage.cast;
      const greta = { ...ownerConnection, token: () => stack.personToken('greta@globex.example') };
      const account = createAccountApi(greta);
      await account.create({ label: LABEL, sources: [SOURCE] });
      const made = await eventually(
        () => account.progress(LABEL),
        ({ state }) => state === 'done',
        LONGEST_MS,
      );
      projectId = made.project_id;
      owner = { ...greta, projectId };
    }, 240_000);

    test('a restore takes the record back, leaves revoked what was revoked since, and holds all work', async () => {
      const issued = await tokens().createRunnerToken({ name: 'lost', source_ids: [SOURCE.source_id] });
      const { snapshot_id } = await backups().take();
      await eventually(
        () => backups().list(),
        ({ work }) => work.length > 0 && work.every(({ state }) => state !== 'going'),
        LONGEST_MS,
      );
      await tokens().revokeRunnerToken(issued.token.token_id, 'its laptop was stolen');
      await cors().allow(GRANTED_LATER);

      const { page, faults } = await stage.signedIn('greta', `/t/${LABEL}/settings?part=backups`);
      const row = page.getByRole('row').filter({ hasText: String(snapshot_id) });
      await row.getByRole('button', { name: 'Restore' }).click();
      const restore = dialog(page).getByRole('button', { name: 'Restore' });
      await dialog(page).getByLabel('Why? It stands in the ledger.').fill('a migration went wrong');
      await restore.click();
      // The record that is there is replaced only by whoever names it.
      await dialog(page).getByRole('alert').waitFor();
      expect((await cors().list()).origins).toEqual([GRANTED_LATER]);
      await dialog(page).getByLabel('The label of the project').fill(LABEL);
      await restore.click();
      await page.waitForURL((address) => address.pathname === `/kept/${projectId}`);
      await page.getByText('It is served.', { exact: true }).waitFor({ timeout: LONGEST_MS });
      await page.getByText(/was taken away again \(1 found\)/).waitFor();
      await page.getByText('set aside', { exact: true }).waitFor();
      await expectAccessible(page);

      expect((await cors().list()).origins).toEqual([]);
      const { runner_tokens } = await tokens().runnerTokens();
      expect(runner_tokens).toMatchObject([{ name: 'lost', status: 'revoked' }]);
      const fleet = createFleetApi(createCallApi(owner));
      expect(await fleet.freezes()).toMatchObject({ is_stopped: true });
      expect(faults).toEqual([]);
      await page.context().close();
    }, 240_000);

    test('an end with a copy asks for the digest of what was fetched, and takes no other', async () => {
      const { page } = await stage.signedIn('greta', `/t/${LABEL}/settings?part=project`);
      await page.getByRole('button', { name: 'Put it away' }).click();
      await dialog(page).getByRole('textbox').fill('the shop has closed');
      await dialog(page).getByRole('button', { name: 'Put it away' }).click();
      await page
        .getByText('It is closed: nobody is served.', { exact: false })
        .waitFor({ timeout: LONGEST_MS });
      const { snapshots } = await backups().list();
      const archive = snapshots.find(({ reason }) => reason === 'archive');
      const hash = createHash('sha256');
      for await (const piece of backups().manifest(archive?.snapshot_id ?? '')) hash.update(piece);

      await page.getByRole('button', { name: 'End it for good' }).click();
      const end = dialog(page).getByRole('button', { name: 'End it for good' });
      await dialog(page).getByLabel('The label of the project').fill(LABEL);
      await dialog(page).getByLabel('Digest of its manifest').fill('sha256:short');
      await dialog(page).getByText('must be sha256: and 64 digits').waitFor();
      expect(await end.isDisabled()).toBe(true);
      await dialog(page)
        .getByLabel('Digest of its manifest')
        .fill(`sha256:${'0'.repeat(64)}`);
      await end.click();
      await dialog(page).getByText('archive_required').waitFor();
      await expectAccessible(page);
      await dialog(page)
        .getByLabel('Digest of its manifest')
        .fill(`sha256:${hash.digest('hex')}`);
      await end.click();
      await page.getByText('It is gone.', { exact: false }).waitFor({ timeout: LONGEST_MS });
      // What the browser remembers of it goes with it.
      await eventually(
        () => page.evaluate(() => JSON.stringify({ ...localStorage })),
        (kept) => !kept.includes(projectId) && !kept.includes(LABEL),
      );
      await page.context().close();
    }, 240_000);
  },
);
