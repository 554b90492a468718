import { prepareChromium } from './chromium.ts';

export async function setup(): Promise<void> {
  await prepareChromium();
}
