import type { Page } from 'playwright-core';
import type { ShownPage } from '../shown-page.ts';

const someInvoice = (page: Page) => page.getByRole('button', { name: /INV-/ }).first().waitFor();

/** What waits for a decision, and what became of it. */
export const deciding: readonly ShownPage[] = [
  {
    name: 'inbox',
    as: 'ada',
    path: ({ pending }) => `/t/acme/inbox?item=${pending}`,
    show: (page) => page.getByRole('article').getByText('Why').waitFor(),
  },
  { name: 'inbox-list', as: 'ada', path: () => '/t/acme/inbox', show: someInvoice },
  {
    name: 'inbox-reject',
    as: 'ada',
    path: ({ pending }) => `/t/acme/inbox?item=${pending}`,
    show: async (page) => {
      await page.getByRole('article').getByText('Why').waitFor();
      await page.keyboard.press('r');
      await page.getByRole('dialog').getByRole('textbox').fill('The customer has paid the fee meanwhile.');
    },
  },
  {
    name: 'inbox-empty',
    as: 'olivia',
    path: ({ fresh }) => `/t/${fresh}/inbox`,
    show: (page) => page.getByRole('heading', { name: /^Nothing/ }).waitFor(),
  },
  {
    name: 'proposals',
    as: 'oscar',
    path: () => '/t/acme/proposals',
    show: (page) => page.getByRole('link', { name: /INV-/ }).first().waitFor(),
  },
  {
    name: 'proposal',
    as: 'ada',
    path: ({ applied }) => `/t/acme/proposals/${applied}`,
    show: (page) => page.getByText(/was verified here/).waitFor(),
  },
  {
    name: 'proposal-conflict',
    as: 'oscar',
    path: ({ conflict }) => `/t/acme/proposals/${conflict}`,
    show: (page) => page.getByText(/was verified here/).waitFor(),
  },
];
