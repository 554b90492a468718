// Photographs every page in both themes and two widths, for the docs and for whoever looks at them one by one.
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { tellStory } from '../../../scripts/story/tell-story.ts';
import { runFolder } from '../../support/run-folder.ts';
import { prepareChromium } from '../support/chromium.ts';
import { BrowserStage } from '../support/stage.ts';
import { setStage, shownPages } from './shown-pages.ts';

const FOLDER = join(import.meta.dirname, '../../../docs/screenshots');
const themes = ['light', 'dark'] as const;
const widths = { wide: { width: 1_440, height: 900 }, phone: { width: 390, height: 844 } } as const;

const { values } = parseArgs({
  options: { only: { type: 'string' }, out: { type: 'string', default: FOLDER } },
});
await prepareChromium();
const stage = await BrowserStage.start({ isEmpty: true });
try {
  const silent = { line: () => undefined };
  await tellStory(stage.stack, runFolder(), silent, false);
  const ids = await setStage(stage);
  const pages = shownPages.filter(({ name }) => values.only === undefined || name === values.only);
  for (const colorScheme of themes) {
    for (const [size, viewport] of Object.entries(widths)) {
      for (const { as, name, path, ready } of pages) {
        const { page } = await stage.signedIn(as, path(ids), { colorScheme, viewport, deviceScaleFactor: 1 });
        await ready(page);
        const file = `${name}-${colorScheme}-${size}.png`;
        await page.screenshot({ path: join(values.out, file), animations: 'disabled' });
        process.stdout.write(`${file}\n`);
        await page.context().close();
      }
    }
  }
} finally {
  await stage.stop();
}
