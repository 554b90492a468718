import { join } from 'node:path';
import type { Page } from 'playwright-core';
import sharp from 'sharp';
import type { BrowserStage, PersonName } from '../support/stage.ts';
import type { ShownIds, ShownPage } from './shown-page.ts';

const themes = ['light', 'dark'] as const;
const widths = { wide: { width: 1_440, height: 900 }, phone: { width: 390, height: 844 } } as const;

/** Takes pictures of pages, each in both themes and two widths. */
export class Photographer {
  readonly #stage: BrowserStage;
  readonly #ids: ShownIds;
  readonly #folder: string;
  /** One for each person, who signs in once. */
  readonly #pages = new Map<PersonName | undefined, Page>();

  constructor(stage: BrowserStage, ids: ShownIds, folder: string) {
    this.#stage = stage;
    this.#ids = ids;
    this.#folder = folder;
  }

  /** The names of the files. */
  async *take(shown: ShownPage): AsyncGenerator<string> {
    for (const [size, viewport] of Object.entries(widths)) {
      const page = await this.#opened(shown, viewport);
      await shown.show(page);
      for (const colorScheme of themes) {
        await page.emulateMedia({ colorScheme });
        // What is drawn by hand, and not by the browser, follows in its own time.
        await page.evaluate(
          'new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))',
        );
        const file = `${shown.name}-${colorScheme}-${size}.png`;
        const picture = await page.screenshot({ animations: 'disabled' });
        await sharp(picture).png({ palette: true, effort: 10 }).toFile(join(this.#folder, file));
        yield file;
      }
      await page.context().setOffline(false);
    }
  }

  async #opened({ as, path }: ShownPage, viewport: (typeof widths)['wide' | 'phone']): Promise<Page> {
    const wanted = path(this.#ids);
    const known = this.#pages.get(as);
    if (known === undefined) {
      const { page } = await this.#stage.newPage({ viewport, deviceScaleFactor: 1 });
      this.#pages.set(as, page);
      if (as === undefined) await page.goto(`${this.#stage.stack.url}${wanted}`);
      else await this.#stage.signIn(page, as, wanted);
      return page;
    }
    await known.setViewportSize(viewport);
    // An address that differs only behind # would not be loaded anew.
    await known.goto('about:blank');
    await known.goto(`${this.#stage.stack.url}${wanted}`);
    return known;
  }
}
