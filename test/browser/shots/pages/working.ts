import type { ShownPage } from '../shown-page.ts';

/** What happens outside of a database, what agents do, and who does the work. */
export const working: readonly ShownPage[] = [
  {
    name: 'actions',
    as: 'oscar',
    path: () => '/t/acme/actions',
    show: (page) => page.getByRole('list', { name: 'Actions' }).getByRole('link').first().waitFor(),
  },
  {
    name: 'actions-providers',
    as: 'oscar',
    path: () => '/t/acme/actions?tab=providers',
    show: (page) =>
      page
        .getByText(/^breaker/)
        .first()
        .waitFor(),
  },
  {
    name: 'actions-dead-letters',
    as: 'oscar',
    path: () => '/t/acme/actions?tab=dead-letters',
    show: (page) => page.getByRole('button', { name: 'Try all again' }).first().waitFor(),
  },
  {
    name: 'action',
    as: 'oscar',
    path: ({ unknown }) => `/t/acme/actions/${unknown}`,
    show: (page) => page.getByRole('button', { name: 'It has happened' }).waitFor(),
  },
  {
    name: 'action-tied',
    as: 'ada',
    path: ({ tied }) => `/t/acme/actions/${tied}`,
    show: (page) => page.getByRole('article').waitFor(),
  },
  {
    name: 'runs',
    as: 'oscar',
    path: () => '/t/acme/runs',
    show: (page) => page.getByRole('list', { name: 'Runs' }).getByRole('link').first().waitFor(),
  },
  {
    name: 'runs-empty',
    as: 'olivia',
    path: ({ fresh }) => `/t/${fresh}/runs`,
    show: (page) => page.getByRole('heading', { name: /^No run/ }).waitFor(),
  },
  {
    name: 'run',
    as: 'olivia',
    path: ({ run }) => `/t/acme/runs/${run}`,
    show: async (page) => {
      await page.getByText(/The chain of its \d+ entries was verified here/).waitFor();
      await page.getByRole('link', { name: /3 · task/ }).waitFor();
    },
  },
  {
    name: 'fleet',
    as: 'oscar',
    path: () => '/t/acme/fleet',
    show: (page) => page.getByRole('heading', { name: 'local-runner' }).waitFor(),
  },
  {
    name: 'fleet-charts',
    as: 'oscar',
    path: () => '/t/acme/fleet',
    show: async (page) => {
      const chart = page.getByRole('figure', { name: /Applies by outcome/ });
      await chart.locator('canvas').waitFor();
      await chart.scrollIntoViewIfNeeded();
    },
  },
  {
    name: 'fleet-stop',
    as: 'oscar',
    path: () => '/t/acme/fleet',
    show: async (page) => {
      await page.getByRole('button', { name: 'Stop all writing' }).click();
      await page.getByRole('dialog').getByRole('textbox').fill('The refunds of this morning look wrong.');
    },
  },
  {
    name: 'disconnected',
    as: 'vera',
    path: () => '/t/acme/runs',
    show: async (page) => {
      await page.getByText('Live', { exact: true }).waitFor();
      await page.context().setOffline(true);
      await page.getByText(/^Not live since/).waitFor({ timeout: 90_000 });
    },
  },
];
