import { createCallApi } from '@countersign/client/call-api';
import { createPermissionRulesApi } from '@countersign/client/permission-rules-api';
import { createPoliciesApi } from '@countersign/client/policies-api';
import { policyIn } from '@countersign/client/policy-detail';
import { beforeAll, describe, expect, test } from 'vitest';
import { expectAccessible } from './support/axe.ts';
import { whyNoBrowser } from './support/chromium.ts';
import { type BrowserStage, sharedStage } from './support/stage.ts';

const obstacle = whyNoBrowser();
const FIELD = 'The policy, as JSON';

/** Refuses what nobody here proposes, so that it changes nothing for others. */
const refusing = {
  name: 'not-that-row',
  description: '\u202eno<script>',
  applies_to: ['billing.write_off_late_fee'],
  when: "object_id == 'INV-0000'",
  effect: 'refuse',
  message: 'that row is nobody’s',
  tests: [
    { name: 'that row', given: { object_id: 'INV-0000' }, expect: 'refuse' },
    { name: 'another', given: { object_id: 'INV-0001' }, expect: 'no_match' },
  ],
};

describe.skipIf(obstacle !== undefined)(
  `the pages of policies${obstacle === undefined ? '' : ` (SKIPPED: ${obstacle})`}`,
  () => {
    let stage: BrowserStage;
    const policies = () => createPoliciesApi(createCallApi(stage.cast.ownerConnection));
    const rules = () => createPermissionRulesApi(createCallApi(stage.cast.ownerConnection));
    beforeAll(async () => {
      stage = await sharedStage();
    }, 120_000);

    test('test a policy as it is written, and save a draft', async () => {
      const { page, faults } = await stage.signedIn('oscar', '/t/acme/new-policy');
      await page.getByText('It compiles, and all 2 tests passed.').waitFor();
      const field = page.getByLabel(FIELD);
      await field.fill('{ "name": ');
      await page.getByRole('heading', { name: 'Not in good form' }).waitFor();
      const save = page.getByRole('button', { name: 'Save draft' });
      expect(await save.getAttribute('aria-disabled')).toBe('true');
      await field.fill(JSON.stringify({ ...refusing, when: 'objekt == 1' }));
      await page.getByText('It does not compile, so no test was run.').waitFor();
      await field.fill(JSON.stringify({ ...refusing, when: "object_id == 'INV-0001'" }));
      await page.getByText('It compiles. 2 of 2 tests failed.').waitFor();
      await field.fill(JSON.stringify(refusing));
      await page.getByText('It compiles, and all 2 tests passed.').waitFor();
      await save.click();
      await page.getByRole('heading', { name: 'not-that-row' }).waitFor();
      expect(policyIn(await policies().read('not-that-row'))).toMatchObject({ status: 'draft' });
      const activate = page.getByRole('button', { name: 'Activate' });
      expect(await activate.getAttribute('title')).toContain('Owners and admins');
      expect(faults).toEqual([]);
      await expectAccessible(page);
      await page.context().close();
    });

    test('bring a draft into force after a look at what it would have done, and retire it', async () => {
      await policies().save(refusing);
      const { page, faults } = await stage.signedIn('olivia', '/t/acme/policies');
      await page.getByRole('link', { name: 'not-that-row' }).click();
      expect(await page.textContent('main')).not.toContain('\u202e');
      await page.getByRole('button', { name: 'Activate' }).click();
      const dialog = page.getByRole('dialog');
      await dialog.getByText('it would have refused').waitFor();
      await dialog.getByRole('textbox').fill('agreed on Monday');
      await dialog.getByRole('button', { name: 'Activate' }).click();
      await page.getByText('not-that-row is in force.').waitFor();
      const { active_digest, digest } = policyIn(await policies().read('not-that-row'));
      expect(active_digest).toBe(digest);
      await policies().save({ ...refusing, description: 'agreed with the bookkeepers' });
      const changes = page.getByRole('region', { name: 'From what is in force to the newest draft' });
      await changes.getByText('agreed with the bookkeepers').waitFor();
      await page.getByRole('button', { name: 'Retire' }).click();
      await page.getByRole('dialog').getByRole('button', { name: 'Retire' }).click();
      await page.getByText('not-that-row is out of force.').waitFor();
      expect(policyIn(await policies().read('not-that-row'))).toMatchObject({ status: 'retired' });
      expect(faults).toEqual([]);
      await page.context().close();
    });

    test('say that a policy would have approved what people rejected', async () => {
      const id = await stage.pending('INV-3019');
      const { effect_digest } = await stage.cast.approver.read(id);
      await stage.cast.approver.reject(id, { effect_digest: String(effect_digest), reason: 'no' });
      await policies().save({
        name: 'every-waiver',
        applies_to: ['billing.waive_late_fee'],
        when: "rehearsal.status == 'done'",
        effect: 'approve',
        limits: [{ count: 1_000, per: 'policy', period: 'day' }],
        tests: [
          { name: 'looked at', given: { rehearsal: { status: 'done' } }, expect: 'approve' },
          { name: 'not yet', given: { rehearsal: { status: 'none' } }, expect: 'no_match' },
        ],
      });
      const { page, faults } = await stage.signedIn('audrey', '/t/acme/policies/every-waiver');
      await page.getByRole('button', { name: 'Replay' }).click();
      await page
        .getByText(/People rejected/)
        .first()
        .waitFor();
      await page.getByRole('link', { name: id }).first().waitFor();
      expect(await page.getByLabel(FIELD).getAttribute('readonly')).not.toBeNull();
      expect(faults).toEqual([]);
      await expectAccessible(page);
      await page.context().close();
    });

    test('tell an owner that rules would lock every owner out, and that nothing was changed', async () => {
      const { page, faults } = await stage.signedIn('olivia', '/t/acme/permission-rules');
      const everybody = [{ name: 'nobody-any-more', asks: ['*'], effect: 'deny', when: 'true' }];
      await page.getByLabel('All rules, as JSON').fill(JSON.stringify(everybody));
      await page.getByRole('button', { name: 'Save rules' }).click();
      await page.getByRole('list', { name: 'Rules that are saved' }).getByText('nobody-any-more').waitFor();
      await page.getByRole('button', { name: 'Enforce' }).click();
      const dialog = page.getByRole('dialog');
      await dialog.getByRole('textbox').fill('a mistake');
      await dialog.getByRole('button', { name: 'Enforce' }).click();
      await dialog.getByText(/lock every owner out, so nothing was changed/).waitFor();
      expect(await rules().read()).toMatchObject({ enforced: false, rules: everybody });
      await expectAccessible(page);
      await dialog.getByRole('button', { name: 'Leave it' }).click();
      await rules().save([]);
      expect(faults).toEqual([]);
      await page.context().close();
    });

    test('let rules hold, and relax them', async () => {
      await rules().save([{ name: 'no-look', asks: ['look'], effect: 'deny', when: "who.kind == 'nobody'" }]);
      const { page } = await stage.signedIn('olivia', '/t/acme/permission-rules');
      for (const [verb, enforced] of [
        ['Enforce', true],
        ['Stop enforcing', false],
      ] as const) {
        await page.getByRole('button', { name: verb }).click();
        const dialog = page.getByRole('dialog');
        expect(await dialog.getByRole('button', { name: verb }).isDisabled()).toBe(true);
        await dialog.getByRole('textbox').fill('agreed with security');
        await dialog.getByRole('button', { name: verb }).click();
        await dialog.waitFor({ state: 'detached' });
        expect(await rules().read()).toMatchObject({ enforced });
      }
      await rules().save([]);
      await page.context().close();
    });

    test('let an admin read the rules, and an approver see that there are none to read', async () => {
      const admin = await stage.signedIn('amir', '/t/acme/permission-rules');
      const save = admin.page.getByRole('button', { name: 'Save rules' });
      expect(await save.getAttribute('title')).toContain('Owners');
      await admin.page.context().close();
      const approver = await stage.signedIn('ada', '/t/acme/policies');
      await approver.page.getByRole('heading', { name: 'Policies' }).waitFor();
      expect(await approver.page.getByRole('link', { name: 'Permission rules' }).count()).toBe(0);
      expect(await approver.page.getByRole('link', { name: 'New policy' }).count()).toBe(0);
      await approver.page.context().close();
    });
  },
);
