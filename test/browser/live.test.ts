import type { WebSocketRoute } from 'playwright-core';
import { beforeAll, describe, expect, test } from 'vitest';
import { whyNoBrowser } from './support/chromium.ts';
import { type BrowserStage, sharedStage } from './support/stage.ts';

const obstacle = whyNoBrowser();
/** An object that nobody asks anything leaves memory after about ten seconds. */
const EVICTED_AFTER_MS = 15_000;

describe.skipIf(obstacle !== undefined)('a page that is open', () => {
  let stage: BrowserStage;
  beforeAll(async () => {
    stage = await sharedStage();
  }, 120_000);

  test('is told what happens elsewhere, also by an object that had left memory', async () => {
    const { page, faults } = await stage.signedIn('ada');
    await page.getByText('Live', { exact: true }).waitFor();
    const line = (invoice: string) => page.getByRole('button', { name: new RegExp(invoice) });
    const first = await stage.pending('INV-3016');
    await line('INV-3016').waitFor();
    await page.waitForTimeout(EVICTED_AFTER_MS);
    expect(await page.getByText('Live', { exact: true }).count()).toBe(1);
    await stage.cast.agent.cancel(first);
    await line('INV-3016').waitFor({ state: 'detached' });
    expect(faults).toEqual([]);
    await page.context().close();
  });

  test('says when it is not told, and misses nothing once it is again', async () => {
    const { page } = await stage.newPage();
    const sockets: WebSocketRoute[] = [];
    let isCut = false;
    await page.routeWebSocket(/\/v1\/live/, (socket) => {
      if (isCut) void socket.close();
      else {
        socket.connectToServer();
        sockets.push(socket);
      }
    });
    await stage.signIn(page, 'ada', '/t/acme/inbox');
    await page.getByText('Live', { exact: true }).waitFor();
    isCut = true;
    for (const socket of sockets) await socket.close();
    await page.getByText(/^Not live since/).waitFor();
    await stage.pending('INV-3017');
    isCut = false;
    await page.getByText('Live', { exact: true }).waitFor();
    await page.getByRole('button', { name: /INV-3017/ }).waitFor();
    await page.context().close();
  });
});
