import { join } from 'node:path';
import type { BrowserContextOptions, Page } from 'playwright-core';
import sharp from 'sharp';
import type { BrowserStage } from '../support/stage.ts';
import type { ShownIds, ShownPage } from './shown-page.ts';

const themes = ['light', 'dark'] as const;
const screens = {
  wide: { viewport: { width: 1_440, height: 900 } },
  phone: { viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true },
} as const satisfies Record<string, BrowserContextOptions>;
type Screen = keyof typeof screens;

/** Of a hundred: below it the words on how things stand lose their colours, and above it files grow. */
const QUALITY = 90;

/** Takes pictures of pages, each in both themes and on two screens. */
export class Photographer {
  readonly #stage: BrowserStage;
  readonly #ids: ShownIds;
  readonly #folder: string;
  /** One for each person and screen: they sign in once. */
  readonly #pages = new Map<string, Page>();

  constructor(stage: BrowserStage, ids: ShownIds, folder: string) {
    this.#stage = stage;
    this.#ids = ids;
    this.#folder = folder;
  }

  /** The names of the files, as they are written. */
  async *take(shown: ShownPage): AsyncGenerator<string> {
    for (const screen of ['wide', 'phone'] as const) {
      const page = await this.#opened(shown, screen);
      await shown.show(page);
      for (const colorScheme of themes) {
        await page.emulateMedia({ colorScheme });
        // What comes late, and what is drawn by hand, as charts are, follows in its own time.
        await page.waitForLoadState('networkidle');
        await page.evaluate(
          'new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))',
        );
        const file = `${shown.name}-${colorScheme}-${screen}.png`;
        const picture = await page.screenshot({ animations: 'disabled' });
        await sharp(picture)
          .png({ palette: true, quality: QUALITY, dither: 0, effort: 10 })
          .toFile(join(this.#folder, file));
        yield file;
      }
      await page.context().setOffline(false);
    }
  }

  async #opened({ as, path }: ShownPage, screen: Screen): Promise<Page> {
    const wanted = path(this.#ids);
    const key = `${as} ${screen}`;
    const known = this.#pages.get(key);
    if (known !== undefined) {
      // An address that differs only behind # would not be loaded anew.
      await known.goto('about:blank');
      await known.goto(`${this.#stage.stack.url}${wanted}`);
      return known;
    }
    const { page } = await this.#stage.newPage({ ...screens[screen], deviceScaleFactor: 1 });
    this.#pages.set(key, page);
    if (as === undefined) await page.goto(`${this.#stage.stack.url}${wanted}`);
    else await this.#stage.signIn(page, as, wanted);
    return page;
  }
}
