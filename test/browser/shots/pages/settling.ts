import type { Page } from 'playwright-core';
import type { ShownPage } from '../shown-page.ts';

const PARTS = ['members', 'sources', 'sign-in', 'backups', 'limits', 'project'] as const;
const KINDS = ['runner-tokens', 'services', 'agents'] as const;

async function shown(page: Page): Promise<void> {
  await page.getByRole('heading', { level: 2 }).first().waitFor();
  await page
    .getByText(/^(Loading|Looking)/)
    .first()
    .waitFor({ state: 'detached' });
}

/** The settings. */
export const settling: readonly ShownPage[] = [
  ...PARTS.map(
    (part): ShownPage => ({
      name: `settings-${part}`,
      as: 'olivia',
      path: () => `/t/acme/settings?part=${part}`,
      show: shown,
    }),
  ),
  ...KINDS.map(
    (kind): ShownPage => ({
      name: `settings-${kind}`,
      as: 'olivia',
      path: () => `/t/acme/settings?part=credentials&kind=${kind}`,
      show: shown,
    }),
  ),
  {
    name: 'settings-token',
    as: 'olivia',
    path: () => '/t/acme/settings?part=credentials',
    show: async (page) => {
      await page.getByRole('button', { name: 'New runner token' }).click();
      const dialog = page.getByRole('dialog');
      await dialog.getByLabel('Name', { exact: true }).fill('runner-frankfurt-2');
      await dialog.getByRole('checkbox', { name: /src_acme_billing/ }).check();
      await dialog.getByRole('button', { name: 'Make the token' }).click();
      const secret = dialog.getByRole('status', { name: 'The secret' });
      await secret.waitFor();
      // A picture is kept for ever: what opens something is not in it.
      await secret.evaluate((place) => {
        place.textContent = (place.textContent ?? '').replace(/(?<=^syn_run_).*/, (rest) =>
          '•'.repeat(rest.length),
        );
      });
    },
  },
  {
    name: 'settings-restore',
    as: 'olivia',
    path: () => '/t/acme/settings?part=backups',
    show: async (page) => {
      await page.getByRole('button', { name: 'Restore' }).first().click();
      await page.getByRole('dialog').getByText('All work is held afterwards', { exact: false }).waitFor();
    },
  },
];
