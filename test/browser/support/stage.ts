import { mkdtemp } from 'node:fs/promises';
import { join } from 'node:path';
import type { Browser, BrowserContextOptions, Page } from 'playwright-core';
import { type Login, loadLogins } from '../../../scripts/local/issuer/logins.ts';
import { assertPortFree } from '../../../scripts/local/ports.ts';
import { type Stack, startStack } from '../../../scripts/stack/start-stack.ts';
import { contractInForce } from '../../../scripts/story/contract-in-force.ts';
import { Facts } from '../../../scripts/story/facts.ts';
import { type Cast, castOf } from '../../../scripts/story/people.ts';
import { rehearsed, waiver } from '../../../scripts/story/proposing.ts';
import { StoryMemory } from '../../../scripts/story/story-memory.ts';
import { runFolder } from '../../support/run-folder.ts';
import { shared } from '../../support/shared.ts';
import { launchChromium } from './chromium.ts';

/** The people of the local stack, by the beginning of their address. */
export type PersonName = 'olivia' | 'ada' | 'ben' | 'amir' | 'oscar' | 'audrey' | 'vera' | 'greta';

/** What a page did that no page should do. */
export interface Seen {
  readonly page: Page;
  /** Faults of its program, and what the browser refused it. */
  readonly faults: readonly string[];
}

/** The whole product on this machine, with a runner and a database, and a browser to look at it. */
export class BrowserStage {
  readonly stack: Stack;
  readonly cast: Cast;
  readonly browser: Browser;
  readonly #logins: readonly Login[];

  private constructor(stack: Stack, cast: Cast, browser: Browser, logins: readonly Login[]) {
    this.stack = stack;
    this.cast = cast;
    this.browser = browser;
    this.#logins = logins;
  }

  /** `isEmpty`: nobody has begun anything, not even the runner. */
  static async start({ isEmpty = false } = {}): Promise<BrowserStage> {
    const folder = await mkdtemp(join(runFolder(), 'browser-'));
    const [browser, stack] = await Promise.all([
      launchChromium(),
      startStack(folder, await freePorts(), true),
    ]);
    const facts = new Facts({ line: () => undefined }, false);
    const cast = castOf(stack, facts, await StoryMemory.open(folder));
    if (!isEmpty) {
      await stack.startRunner();
      await contractInForce(cast);
    }
    return new BrowserStage(stack, cast, browser, await loadLogins(join(folder, 'issuer')));
  }

  async stop(): Promise<void> {
    await this.browser.close();
    await this.stack.stop();
  }

  /** A page in a browser profile of its own, in which somebody has signed in by the issuer's own form. */
  async signedIn(
    name: PersonName,
    path = '/t/acme/inbox',
    options: BrowserContextOptions = {},
  ): Promise<Seen> {
    const seen = await this.newPage(options);
    await this.signIn(seen.page, name, path);
    return seen;
  }

  async newPage(options: BrowserContextOptions = {}): Promise<Seen> {
    const context = await this.browser.newContext(options);
    const page = await context.newPage();
    const faults: string[] = [];
    page.on('pageerror', (error) => faults.push(error.message));
    page.on('console', (message) => {
      // What the plane refuses is told by the page itself, and beside it by the browser.
      if (message.type() === 'error' && !message.text().startsWith('Failed to load resource'))
        faults.push(message.text());
    });
    return { page, faults };
  }

  /** From the page on which somebody is asked to sign in, to the one that they wanted. */
  async signIn(page: Page, name: PersonName, path: string): Promise<void> {
    const { url } = this.stack;
    await page.goto(`${url}${path}`);
    await page.getByRole('button', { name: /^Continue with/ }).click();
    await this.enterPassword(page, name);
    await page.waitForURL((address) => address.origin === url && address.pathname !== '/signed-in');
  }

  /** On the issuer's own page. */
  async enterPassword(page: Page, name: PersonName): Promise<void> {
    const login = this.#logins.find(({ email }) => email.startsWith(`${name}@`));
    if (login === undefined) throw new TypeError(`nobody is called ${name}`);
    await page.getByLabel('Email').fill(login.email);
    await page.getByLabel('Password').fill(login.password);
    await page.getByRole('button', { name: 'Sign in' }).click();
  }

  /** A waiver that the agent asks for and a runner has tried; it waits for a decision. */
  async pending(invoice: string, why = 'the payment crossed our reminder'): Promise<string> {
    const proposal = await this.cast.review.request(waiver(invoice, why));
    await rehearsed(this.cast, proposal.proposal_id);
    return proposal.proposal_id;
  }
}

/** One for all files of a run. */
export const sharedStage: () => Promise<BrowserStage> = shared(
  () => BrowserStage.start(),
  ({ browser }) => browser.isConnected(),
);

const PORTS = { least: 21_000, most: 29_000 } as const;

/** The first of three ports side by side that nobody has. */
async function freePorts(): Promise<number> {
  for (;;) {
    const port = PORTS.least + Math.floor(Math.random() * (PORTS.most - PORTS.least));
    try {
      for (const next of [port, port + 1, port + 2]) await assertPortFree(next, 'test');
      return port;
    } catch {
      // Somebody has one of them.
    }
  }
}
