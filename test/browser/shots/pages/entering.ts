import { KEEPER } from '../set/set-project.ts';
import type { ShownPage } from '../shown-page.ts';

/** Before anybody is in a project. */
export const entering: readonly ShownPage[] = [
  {
    name: 'sign-in',
    as: undefined,
    path: () => '/t/acme/inbox',
    show: (page) => page.getByRole('button', { name: /^Continue with/ }).waitFor(),
  },
  {
    name: 'projects',
    as: 'olivia',
    // Whoever has opened a project finds it in the list.
    path: () => '/t/acme/runs',
    show: async (page) => {
      await page.getByRole('link', { name: 'Countersign: your projects' }).click();
      await page.getByRole('heading', { name: 'Your projects' }).waitFor();
    },
  },
  {
    name: 'new-project',
    as: 'olivia',
    path: () => '/new',
    show: async (page) => {
      await page.getByLabel('Label').fill('north-wind');
      await page.getByLabel('Region').selectOption('weur');
    },
  },
  {
    name: 'new-project-made',
    as: 'olivia',
    path: ({ fresh }) => `/new/${fresh}`,
    show: (page) => page.getByText('none was heard yet').waitFor(),
  },
  {
    name: 'kept',
    as: KEEPER,
    path: ({ kept }) => `/kept/${kept}`,
    show: (page) => page.getByRole('button', { name: 'Restore' }).first().waitFor(),
  },
  {
    name: 'join',
    as: 'greta',
    path: () => '/join/prj_acme#a-code',
    show: (page) => page.getByRole('button', { name: 'Become a member' }).waitFor(),
  },
];
