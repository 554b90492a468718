import { beforeAll, describe, expect, test } from 'vitest';
import { expectAccessible } from './support/axe.ts';
import { whyNoBrowser } from './support/chromium.ts';
import { type BrowserStage, sharedStage } from './support/stage.ts';

const obstacle = whyNoBrowser();

const HOSTILE = [
  '<script>window.hurt = true</script>',
  '<img src=x onerror="window.hurt = true">',
  'pay \u202e001 to',
  '[click](javascript:window.hurt=true)',
  'https://login.example.com.evil.example/',
  'x'.repeat(1_500),
].join(' ');

describe.skipIf(obstacle !== undefined)('a page', () => {
  let stage: BrowserStage;
  beforeAll(async () => {
    stage = await sharedStage();
  }, 120_000);

  test('shows text from elsewhere as text, and writes out what would hide or turn it', async () => {
    const id = await stage.pending('INV-3019', HOSTILE);
    const { page, faults } = await stage.signedIn('ada', `/t/acme/inbox?item=${id}`);
    const card = page.getByRole('article');
    await card.getByText('<script>').first().waitFor();
    const text = await card.textContent();
    expect(text).toContain('pay \\u{202e}001 to');
    expect(text).not.toContain('\u202e');
    expect(await page.evaluate(() => Object.hasOwn(window, 'hurt'))).toBe(false);
    expect(await card.getByRole('link').count()).toBe(1);
    const { width } = (await card.boundingBox()) ?? { width: Number.POSITIVE_INFINITY };
    expect(width).toBeLessThan(page.viewportSize()?.width ?? 0);
    expect(faults).toEqual([]);
    await page.context().close();
  });

  test.each([
    ['light', 1_440],
    ['dark', 1_440],
    ['light', 390],
    ['dark', 390],
  ] as const)('keeps nobody out, %s and %d wide', async (colorScheme, width) => {
    const id = await stage.pending('INV-3020');
    const { page } = await stage.signedIn('ada', '/t/acme/inbox', {
      colorScheme,
      viewport: { width, height: 900 },
    });
    await page
      .getByRole('button', { name: /INV-3020/ })
      .first()
      .waitFor();
    await expectAccessible(page);
    await page.goto(`${stage.stack.url}/t/acme/inbox?item=${id}`);
    await page.getByRole('article').waitFor();
    await expectAccessible(page);
    await page.keyboard.press('r');
    await page.getByRole('dialog').waitFor();
    await expectAccessible(page);
    await page.goto(`${stage.stack.url}/t/acme/proposals/${id}`);
    await page.getByText(/was verified here/).waitFor();
    await expectAccessible(page);
    await stage.cast.agent.cancel(id);
    await page.context().close();
  });

  test('keeps what was written when a sign-in ends in the middle, and takes it up again', async () => {
    const id = await stage.pending('INV-3022');
    const { page } = await stage.signedIn('ada', `/t/acme/inbox?item=${id}`);
    await page.getByRole('article').waitFor();
    await page.keyboard.press('r');
    await page.getByRole('dialog').getByRole('textbox').fill('not before the audit');
    // From now on the plane takes no token of this page any more.
    await page.route('**/v1/**', (route) =>
      route.fulfill({
        status: 401,
        contentType: 'application/problem+json',
        body: JSON.stringify({
          ok: false,
          error_code: 'token_revoked',
          message: 'it was revoked',
          retryable: false,
        }),
      }),
    );
    await page.getByRole('dialog').getByRole('button', { name: 'Reject' }).click();
    await page.getByText('Your sign-in has ended').waitFor();
    await page.unroute('**/v1/**');
    await page.getByRole('button', { name: /Sign in again/ }).click();
    await page.getByRole('article').waitFor();
    expect(await stage.cast.agent.read(id)).toMatchObject({ status: 'pending_review' });
    await page.keyboard.press('r');
    expect(await page.getByRole('dialog').getByRole('textbox').inputValue()).toBe('not before the audit');
    await page.getByRole('dialog').getByRole('button', { name: 'Reject' }).click();
    await page.getByRole('article').getByText('rejected', { exact: true }).first().waitFor();
    await page.context().close();
  });

  test('of a project where somebody is nobody says no more than that there is none', async () => {
    const { page } = await stage.signedIn('greta', '/t/acme/inbox');
    await page.getByText(/no such project/).waitFor();
    expect(await page.textContent('body')).not.toContain('INV-');
    await page.context().close();
  });

  test('keeps no token anywhere but in memory', async () => {
    const { page } = await stage.signedIn('ada');
    await page.getByText('Live', { exact: true }).waitFor();
    const kept = await page.evaluate(() =>
      JSON.stringify([{ ...localStorage }, { ...sessionStorage }, document.cookie]),
    );
    expect(kept).not.toMatch(/eyJ|refresh|access_token|syn_/);
    await page.context().close();
  });
});
