import type { Page } from 'playwright-core';
import type { BrowserStage, PersonName } from '../support/stage.ts';

/** A page as it is photographed. */
export interface ShownPage {
  /** Of the file. */
  readonly name: string;
  readonly as: PersonName;
  readonly path: (ids: ShownIds) => string;
  /** What is there once the page is. */
  ready(page: Page): Promise<unknown>;
}

/** What the stage was set with. */
export interface ShownIds {
  readonly pending: string;
  readonly applied: string;
}

export const shownPages: readonly ShownPage[] = [
  {
    name: 'inbox',
    as: 'ada',
    path: ({ pending }) => `/t/acme/inbox?item=${pending}`,
    ready: (page) => page.getByRole('article').getByText('Why').waitFor(),
  },
  {
    name: 'inbox-list',
    as: 'ada',
    path: () => '/t/acme/inbox',
    ready: (page) => page.getByRole('button', { name: /INV-/ }).first().waitFor(),
  },
  {
    name: 'proposal',
    as: 'ada',
    path: ({ applied }) => `/t/acme/proposals/${applied}`,
    ready: (page) => page.getByText(/was verified here/).waitFor(),
  },
  {
    name: 'actions',
    as: 'oscar',
    path: () => '/t/acme/actions',
    ready: (page) => page.getByRole('list', { name: 'Actions' }).getByRole('link').first().waitFor(),
  },
  {
    name: 'runs',
    as: 'oscar',
    path: () => '/t/acme/runs',
    ready: (page) => page.getByRole('list', { name: 'Runs' }).getByRole('link').first().waitFor(),
  },
];

/** Invoices that wait for a decision, so that the inbox has something to show. */
const WAITING = ['INV-3010', 'INV-3011', 'INV-3013', 'INV-3014', 'INV-3016', 'INV-3017', 'INV-3019'];

/** Sets the stage after the story was played on it. */
export async function setStage(stage: BrowserStage): Promise<ShownIds> {
  const why = 'The customer paid on the day before the reminder went out.';
  const waiting: string[] = [];
  for (const invoice of WAITING) waiting.push(await stage.pending(invoice, why));
  const { proposals } = await stage.cast.approver.list({ status: 'applied', limit: 1 });
  return { pending: waiting[2] ?? '', applied: proposals[0]?.proposal_id ?? '' };
}
