import type { ShownPage } from '../shown-page.ts';

/** What may be proposed, who decides, what steers agents, and the record. */
export const governing: readonly ShownPage[] = [
  {
    name: 'contracts',
    as: 'olivia',
    path: () => '/t/acme/contracts',
    show: (page) => page.getByRole('link', { name: 'acme-billing' }).waitFor(),
  },
  {
    name: 'contract',
    as: 'olivia',
    path: ({ contract }) => `/t/acme/contracts/${contract}`,
    show: (page) => page.getByRole('article').first().waitFor(),
  },
  {
    name: 'contract-findings',
    as: 'olivia',
    path: ({ contract }) => `/t/acme/contracts/${contract}?tab=findings`,
    show: (page) =>
      page
        .getByRole('heading', { name: /Warnings|Notes|Dangers|Nothing/ })
        .first()
        .waitFor(),
  },
  {
    name: 'contract-changes',
    as: 'olivia',
    path: ({ contract }) => `/t/acme/contracts/${contract}?tab=versions`,
    show: async (page) => {
      await page.getByRole('button', { name: /^How Version 3/ }).click();
      await page.getByRole('heading', { name: 'What permits more' }).waitFor();
    },
  },
  {
    name: 'contract-versions',
    as: 'olivia',
    path: ({ contract }) => `/t/acme/contracts/${contract}?tab=versions`,
    show: (page) => page.getByRole('button', { name: /^How Version 3/ }).waitFor(),
  },
  {
    name: 'contract-document',
    as: 'olivia',
    path: ({ contract }) => `/t/acme/contracts/${contract}?tab=document`,
    show: (page) => page.getByText('"kind": "SynapsorContract"').waitFor(),
  },
  {
    name: 'policies',
    as: 'olivia',
    path: () => '/t/acme/policies',
    show: (page) => page.getByRole('link', { name: 'small-waivers' }).waitFor(),
  },
  {
    name: 'policy',
    as: 'olivia',
    path: () => '/t/acme/policies/small-waivers',
    show: (page) => page.getByText(/^It compiles/).waitFor(),
  },
  {
    name: 'policy-replay',
    as: 'olivia',
    path: () => '/t/acme/policies/small-waivers',
    show: async (page) => {
      await page.getByText(/^It compiles/).waitFor();
      await page.getByRole('button', { name: 'Replay' }).click();
      await page.getByText(/^Tried on/).waitFor();
      await page.getByRole('heading', { name: 'Replay over history' }).scrollIntoViewIfNeeded();
      await page.getByText(/^Tried on/).scrollIntoViewIfNeeded();
    },
  },
  {
    name: 'policy-draft',
    as: 'olivia',
    path: () => '/t/acme/policies/large-write-offs',
    show: (page) => page.getByRole('heading', { name: 'What the draft would change' }).waitFor(),
  },
  {
    name: 'new-policy',
    as: 'oscar',
    path: () => '/t/acme/new-policy',
    show: (page) => page.getByText(/^It compiles/).waitFor(),
  },
  {
    name: 'permission-rules',
    as: 'olivia',
    path: () => '/t/acme/permission-rules',
    show: (page) => page.getByRole('list', { name: 'Rules that are saved' }).waitFor(),
  },
  {
    name: 'registry',
    as: 'olivia',
    path: () => '/t/acme/registry',
    show: (page) => page.getByRole('region', { name: 'Prompts' }).waitFor(),
  },
  {
    name: 'registry-changes',
    as: 'olivia',
    path: () => '/t/acme/registry?tab=changes',
    show: (page) => page.getByRole('region', { name: 'Change log' }).getByRole('listitem').first().waitFor(),
  },
  {
    name: 'piece',
    as: 'olivia',
    path: () => '/t/acme/registry/prompt/dunning-letter',
    show: (page) => page.getByRole('region', { name: 'From version 1 to version 2' }).waitFor(),
  },
  {
    name: 'ledger',
    as: 'audrey',
    path: () => '/t/acme/ledger?noun=proposal',
    show: async (page) => {
      const entries = page.getByRole('list', { name: 'Entries, newest first' });
      await entries
        .getByRole('button', { name: /proposal\.approved/ })
        .first()
        .click();
      await page.getByRole('region', { name: /proposal\.approved/ }).waitFor();
    },
  },
  {
    name: 'ledger-search',
    as: 'audrey',
    path: () => '/t/acme/ledger?view=search&q=customer',
    show: (page) => page.locator('mark').first().waitFor(),
  },
  {
    name: 'ledger-verified',
    as: 'audrey',
    path: () => '/t/acme/ledger?view=proof',
    show: async (page) => {
      await page.getByRole('button', { name: 'Verify here' }).click();
      await page.getByText(/Verified here, in your browser/).waitFor();
    },
  },
];
