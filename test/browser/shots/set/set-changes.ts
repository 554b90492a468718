import { createCallApi } from '@countersign/client/call-api';
import { createRunsApi } from '@countersign/client/runs-api';
import { CAPABILITIES } from '../../../../scripts/stack/acme-contract.ts';
import type { Cast } from '../../../../scripts/story/people.ts';
import { approvedBy, ended, rehearsed, waiver } from '../../../../scripts/story/proposing.ts';
import { Payments } from '../../support/payments.ts';

/** Small ones, which the contract's policy approves: so there is history, and a fee to be waived. */
const SMALL = [
  ['INV-3010', 1_800, 'the fee of the second reminder'],
  ['INV-3016', 1_250, 'half of the usual fee, as for every first reminder'],
  ['INV-3019', 900, 'the fee of the old price list'],
  ['INV-3023', 1_500, 'the fee of the second reminder'],
] as const;

/** Each waits for a decision. */
const WAITING = [
  waiver('INV-3010', 'The customer was told on the phone that there would be no fee.'),
  waiver('INV-3013', 'The customer paid on the day before the reminder went out.'),
  waiver('INV-3019', 'We sent the reminder to an address that the customer had changed.'),
  waiver('INV-3023', 'Payment and reminder crossed by a day.'),
  adjusted('INV-3014', 4_500, 'The fee of the new terms, from the frame contract of March.'),
  adjusted('INV-3028', 6_000, 'Third reminder: the fee that the terms name for it.'),
  {
    capability: CAPABILITIES.writeOff,
    args: { invoice_id: 'INV-3029', reason: 'The customer has closed down.' },
    reason: 'The customer has closed down; the liquidator says that nothing is left.',
  },
];

export interface SetChanges {
  readonly pending: string;
  readonly applied: string;
  readonly conflict: string;
}

/** Proposals in most of the states that there are. */
export async function setChanges(cast: Cast): Promise<SetChanges> {
  for (const [invoice, cents, why] of SMALL) {
    const { proposal_id } = await cast.review.request(adjusted(invoice, cents, why));
    await ended(cast, proposal_id);
  }
  const waiting: string[] = [];
  for (const wish of WAITING) {
    const { proposal_id } = await cast.review.request(wish);
    await rehearsed(cast, proposal_id);
    waiting.push(proposal_id);
  }
  const two = waiting.at(-1) ?? '';
  await approvedBy(cast, cast.secondApprover, two, 'the liquidator has confirmed it');
  const taken = await cast.review.request(waiver('INV-3016', 'The customer asked twice for it.'));
  await rehearsed(cast, taken.proposal_id);
  await cast.agent.cancel(taken.proposal_id);
  const first = async (status: 'applied' | 'conflict') =>
    (await cast.approver.list({ status, limit: 50 })).proposals.at(-1)?.proposal_id ?? '';
  return { pending: waiting[1] ?? '', applied: await first('applied'), conflict: await first('conflict') };
}

/** Refunds at an account of a provider that has a bad day; gives the one that nobody can tell of. */
export async function setRefunds(cast: Cast): Promise<string> {
  const payments = await Payments.open(cast);
  const done = await payments.asked('pi_3Qk81', 'Charged twice for the same parcel.', 1_840);
  await payments.letGo(done);
  await payments.ends({ outcome: 'succeeded', reference: 're_51HcN', was_done: false });
  await payments.dead('pi_3Qm20');
  await payments.dead('pi_3Qm27');
  const unknown = await payments.unknown('pi_3Qn44');
  await payments.asked('pi_3Qp05', 'The parcel was lost on its way back.', 4_990);
  await payments.asked('pi_3Qp11', 'The customer has returned one of two lamps.', 12_900);
  return unknown;
}

/** A run whose steps follow each other, and others in other states; gives the first. */
export async function setRuns(cast: Cast): Promise<string> {
  const runs = createRunsApi(createCallApi(cast.agentConnection), cast.agentConnection);
  const { run_id, step_ids } = await runs.submit({
    command: 'invoice.dispute',
    text: 'The customer of INV-3017 says that they paid in time. Find out, and put it right.',
    tasks: [
      { key: 'facts', task: 'gather-payments' },
      { key: 'terms', task: 'read-terms' },
      { key: 'letter', task: 'draft-letter', after: ['facts', 'terms'] },
    ],
  });
  const after = step_ids.slice(0, 1);
  await runs.addSteps(run_id, [
    { kind: 'read', what: 'The payments of CUS-106 since March', after },
    { kind: 'note', text: 'The bank says that it was paid on 10 April, two days before it was due.' },
  ]);
  await cast.review.request({
    ...waiver('INV-3017', 'The bank says that it was paid two days before it was due.'),
    run: { run_id, after },
  });
  await runs.submit({ command: 'month.close', text: 'Close October.', ends: 'when_told' });
  const dropped = await runs.submit({
    command: 'invoice.summarize',
    text: 'Say in a few words what INV-3022 is about.',
    tasks: [{ task: 'read-terms' }],
  });
  await runs.cancel(dropped.run_id, 'asked for twice');
  return run_id;
}

function adjusted(invoice_id: string, late_fee_cents: number, reason: string) {
  return { capability: CAPABILITIES.adjust, args: { invoice_id, late_fee_cents }, reason };
}
