import { createCallApi } from '@countersign/client/call-api';
import { createFleetApi } from '@countersign/client/fleet-api';
import { afterEach, beforeAll, describe, expect, test } from 'vitest';
import { ended } from '../../scripts/story/proposing.ts';
import { expectAccessible } from './support/axe.ts';
import { whyNoBrowser } from './support/chromium.ts';
import { type BrowserStage, sharedStage } from './support/stage.ts';

const obstacle = whyNoBrowser();
const RUNNER = 'local-runner';
const HOSTILE = '<script>document.title=1</script> \u202egnp.exe';

describe.skipIf(obstacle !== undefined)(
  `the fleet${obstacle === undefined ? '' : ` (SKIPPED: ${obstacle})`}`,
  () => {
    let stage: BrowserStage;
    beforeAll(async () => {
      stage = await sharedStage();
    }, 120_000);

    const fleetOf = () => createFleetApi(createCallApi(stage.cast.ownerConnection));

    /** Other files write by the same runner. */
    afterEach(async () => {
      const fleet = fleetOf();
      const { freezes } = await fleet.freezes();
      for (const { freeze_id, state } of freezes)
        if (state !== 'lifting') await fleet.lift(freeze_id, 'the test is over');
      await fleet.drain(RUNNER, { undo: true });
    });

    test('is stopped with a reason, holds what is approved, and goes on when the stop is lifted', async () => {
      const { page, faults } = await stage.signedIn('oscar', '/t/acme/fleet');
      await page.getByRole('button', { name: 'Stop all writing' }).click();
      const dialog = page.getByRole('dialog');
      expect(await dialog.getByRole('button', { name: 'Stop now' }).isDisabled()).toBe(true);
      await dialog.getByRole('textbox').fill(`the refunds look wrong ${HOSTILE}`);
      await dialog.getByRole('button', { name: 'Stop now' }).click();
      await page.getByRole('heading', { name: 'STOPPED' }).waitFor();
      await page.getByText(/What was leased before may begin for/).waitFor();
      expect(await fleetOf().freezes()).toMatchObject({ is_stopped: true });
      expect(await page.getByRole('main').textContent()).toContain('<script>');
      await expectAccessible(page);
      await page.getByRole('button', { name: 'Lift the stop', exact: true }).click();
      await dialog.getByRole('textbox').fill('it was one agent');
      await dialog.getByRole('button', { name: 'Lift it' }).click();
      await page.getByRole('button', { name: 'Stop all writing' }).waitFor();
      const id = await stage.pending('INV-3031');
      const { effect_digest } = await stage.cast.approver.read(id);
      await stage.cast.approver.approve(id, { effect_digest: String(effect_digest) });
      expect(await ended(stage.cast, id)).toMatchObject({ status: 'applied' });
      expect(await page.title()).toBe('Countersign');
      expect(faults).toEqual([]);
      await page.context().close();
    });

    test('a source is frozen for a time, what is held back is counted, and the freeze is lifted', async () => {
      const { page, faults } = await stage.signedIn('oscar', '/t/acme/fleet');
      await page.getByRole('button', { name: 'Freeze a part' }).click();
      const dialog = page.getByRole('dialog');
      await dialog.getByLabel('Its id').fill(stage.cast.sourceId);
      await dialog.getByLabel('For').selectOption('2 hours');
      await dialog.getByLabel(/^Why/).fill('a migration');
      await expectAccessible(page);
      await dialog.getByRole('button', { name: 'Freeze it' }).click();
      const lift = page.getByRole('button', { name: `Lift the freeze of the source ${stage.cast.sourceId}` });
      await lift.waitFor();
      const { freezes } = await fleetOf().freezes();
      expect(freezes).toMatchObject([
        { scope: { kind: 'source', id: stage.cast.sourceId }, reason: 'a migration' },
      ]);
      expect(freezes[0]?.until).not.toBeNull();
      await lift.click();
      await dialog.getByRole('textbox').fill('the migration is done');
      await dialog.getByRole('button', { name: 'Lift it' }).click();
      await page.getByText('Nothing is held back.').waitFor();
      expect(faults).toEqual([]);
      await page.context().close();
    });

    test('a runner is drained until it is safe to stop, put back, and asked how far it is', async () => {
      const { page, faults } = await stage.signedIn('oscar', '/t/acme/fleet');
      const runner = page.getByRole('listitem').filter({ has: page.getByRole('heading', { name: RUNNER }) });
      await runner.getByRole('button', { name: 'Drain' }).click();
      const dialog = page.getByRole('dialog');
      await dialog.getByRole('textbox').fill('a new kernel');
      await dialog.getByRole('button', { name: 'Take it out of service' }).click();
      await runner.getByText('safe to stop').waitFor();
      await runner.getByText('a new kernel').waitFor();
      expect(await fleetOf().runner(RUNNER)).toMatchObject({ runner: { status: 'draining' } });
      await runner.getByRole('button', { name: 'Put back' }).click();
      await dialog.getByRole('textbox').fill('it is back');
      await dialog.getByRole('button', { name: 'Put it back into service' }).click();
      await runner.getByText('online').waitFor();
      await runner.getByRole('button', { name: 'Ping' }).click();
      await runner.getByText(/There and back in|did not come back|holds no poll/).waitFor();
      expect(faults).toEqual([]);
      await page.context().close();
    });

    test('draws its charts for whoever operates, with the same as numbers', async () => {
      const { page, faults } = await stage.signedIn('oscar', '/t/acme/fleet');
      const chart = page.getByRole('figure', { name: /Applies by outcome/ });
      await chart.waitFor();
      await chart.getByText('The same as numbers').click();
      expect(await chart.getByRole('row').count()).toBe(25);
      expect(await page.getByRole('figure').count()).toBe(4);
      await expectAccessible(page);
      expect(faults).toEqual([]);
      await page.context().close();
    });

    test('shows a viewer how it stands, and why they may do nothing', async () => {
      const { page } = await stage.signedIn('vera', '/t/acme/fleet');
      const stop = page.getByRole('button', { name: 'Stop all writing' });
      await stop.waitFor();
      expect(await stop.getAttribute('aria-disabled')).toBe('true');
      await page.getByText('Your roles do not include the emergency stop.').waitFor();
      await stop.click({ force: true });
      expect(await page.getByRole('dialog').count()).toBe(0);
      await page.getByRole('figure', { name: /Applies by outcome/ }).waitFor();
      await page.context().close();
    });
  },
);
