// Photographs every page in both themes and two widths, for the docs and for whoever looks at them one by one.
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { prepareChromium } from '../support/chromium.ts';
import { BrowserStage } from '../support/stage.ts';
import { Photographer } from './photographer.ts';
import { setStage } from './set-stage.ts';
import { shownPages } from './shown-pages.ts';

const FOLDER = join(import.meta.dirname, '../../../docs/screenshots');

const { values } = parseArgs({
  options: { only: { type: 'string' }, out: { type: 'string', default: FOLDER } },
});
await prepareChromium();
const stage = await BrowserStage.start({ isEmpty: true });
try {
  const photographer = new Photographer(stage, await setStage(stage), values.out);
  for (const shown of shownPages) {
    if (values.only !== undefined && shown.name !== values.only) continue;
    for await (const file of photographer.take(shown)) process.stdout.write(`${file}\n`);
  }
} finally {
  await stage.stop();
}
