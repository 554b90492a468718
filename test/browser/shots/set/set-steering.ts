import { createCallApi } from '@countersign/client/call-api';
import { createControlApi } from '@countersign/client/control-api';
import { createPermissionRulesApi } from '@countersign/client/permission-rules-api';
import { createPoliciesApi } from '@countersign/client/policies-api';
import { policyIn } from '@countersign/client/policy-detail';
import { acmeContract } from '../../../../scripts/stack/acme-contract.ts';
import type { Cast } from '../../../../scripts/story/people.ts';

const SMALL_WAIVERS = {
  name: 'small-waivers',
  description: 'A fee that is small is waived without anybody being asked, up to twenty a day.',
  applies_to: ['billing.waive_late_fee'],
  when: "rehearsal.status == 'done' && before.late_fee_cents <= 8000",
  effect: 'approve',
  limits: [
    { count: 20, per: 'policy', period: 'day' },
    { count: 1, per: 'object', period: 'day' },
  ],
  tests: [
    {
      name: 'a small fee',
      given: { rehearsal: { status: 'done' }, before: { late_fee_cents: 2500 } },
      expect: 'approve',
    },
    {
      name: 'a large fee',
      given: { rehearsal: { status: 'done' }, before: { late_fee_cents: 90_000 } },
      expect: 'no_match',
    },
  ],
};

const LARGE_WRITE_OFFS = {
  name: 'large-write-offs',
  description: 'Whatever is written off needs a third pair of eyes.',
  applies_to: ['billing.write_off_late_fee'],
  when: 'before.late_fee_cents > 50000',
  effect: 'ask',
  requires: { role: 'support_lead', approvals: 1 },
  tests: [
    { name: 'a large one', given: { before: { late_fee_cents: 60_000 } }, expect: 'ask' },
    { name: 'a small one', given: { before: { late_fee_cents: 900 } }, expect: 'no_match' },
  ],
};

const DISPUTED = {
  name: 'disputed-invoices',
  description: 'What a court is looking at stays as it is.',
  applies_to: ['*'],
  when: "object_id == 'INV-3004' || object_id == 'INV-3008'",
  effect: 'refuse',
  message: 'This invoice is before a court: nothing is changed until it has decided.',
  tests: [
    { name: 'disputed', given: { object_id: 'INV-3004' }, expect: 'refuse' },
    { name: 'another', given: { object_id: 'INV-3005' }, expect: 'no_match' },
  ],
};

const RULES = [
  {
    name: 'operators-do-not-settle',
    description: 'Whether an action has happened, an owner or an admin says.',
    asks: ['settle-action'],
    effect: 'deny',
    when: '"operator" in who.roles',
  },
  {
    name: 'contracts-by-owners',
    description: 'Only owners bring a contract into force.',
    asks: ['activate-contract'],
    effect: 'allow',
    when: '"owner" in who.roles',
  },
];

/** Policies, rules and pieces of the registry: some in force, some drafts. */
export async function setSteering(cast: Cast): Promise<void> {
  const calls = createCallApi(cast.ownerConnection);
  const policies = createPoliciesApi(calls);
  for (const policy of [LARGE_WRITE_OFFS, DISPUTED]) {
    await policies.save(policy);
    const { digest } = policyIn(await policies.read(policy.name));
    await policies.activate(policy.name, String(digest), 'agreed in the meeting of the billing team');
  }
  await policies.save({ ...LARGE_WRITE_OFFS, when: 'before.late_fee_cents > 40000' });
  await policies.save(SMALL_WAIVERS);
  await createPermissionRulesApi(calls).save(RULES);
  const control = createControlApi(calls);
  const letter = (close: string) => ({
    text: `Write to the customer about their late fee.\nSay what it is for and when it was due.\n${close}`,
  });
  const first = await control.save('prompt', 'dunning-letter', letter('Ask for payment within seven days.'));
  await control.activate('prompt', 'dunning-letter', first.digest, 'as the legal team has read it');
  await control.save('prompt', 'dunning-letter', letter('Ask kindly for payment within fourteen days.'));
  const skill = await control.save('skill', 'late-fee-terms', {
    description: 'When a late fee is due, and how much',
    text: 'The first reminder is free. The second costs 15.00, the third 60.00.',
  });
  await control.activate('skill', 'late-fee-terms', skill.digest, 'the terms of this year');
  const tool = await control.save('tool', 'find-invoice', { description: 'Finds an invoice by its number' });
  await control.activate('tool', 'find-invoice', tool.digest, 'needed by the clerk');
  await control.save('route', 'letters', { task: 'draft-letter', prompt: 'dunning-letter' });
}

/** A version that permits more, which nobody has brought into force; gives the contract. */
export async function setContract({ contracts, sourceId }: Cast): Promise<string> {
  const whole = acmeContract(sourceId);
  const { contract_id } = await contracts.push({
    contract: {
      ...whole,
      metadata: { ...whole.metadata, name: 'acme-billing', version: '1.1.0' },
      capabilities: whole.capabilities.map((capability) =>
        capability.proposal?.numeric_bounds === undefined
          ? capability
          : {
              ...capability,
              proposal: {
                ...capability.proposal,
                numeric_bounds: { late_fee_cents: { minimum: 0, maximum: 25_000 } },
              },
            },
      ),
    },
  });
  return contract_id;
}
