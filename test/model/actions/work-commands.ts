import type { ClaimedAction } from '@countersign/protocol/action/action-job';
import fc from 'fast-check';
import { must } from '../../support/must.ts';
import { chosen, picks } from '../script-command.ts';
import { type Claim, type Target, targets, type Word, type Worker } from './action.ts';
import { command, manners, onClaim, type Saying, sayingOf, workers } from './command.ts';
import type { Reason } from './outbox.ts';
import { type Belief, expectGiven, expectTargets, type Real } from './real.ts';

export const lists = fc.constantFrom<readonly Target[]>(
  targets,
  targets,
  targets.toReversed(),
  ['events'],
  ['mailer'],
);
const seconds = fc.constantFrom(5, 30, 60, 600);

interface Taking {
  readonly worker: Worker;
  readonly list: readonly Target[];
  readonly limit: number;
  readonly lease: number;
}

/** Claims, and checks that exactly the right actions come, in the right order. */
export async function claim(belief: Belief, { tenant }: Real, taking: Taking): Promise<readonly Claim[]> {
  const { lease, limit, list, worker } = taking;
  const request = { runner_id: worker.id, targets: list, limit, lease_seconds: lease };
  const { body } = must(await tenant[worker.credential].post('/v1/actions/claim', request));
  const given = body.actions as readonly ClaimedAction[];
  const due = belief.due(list, limit);
  expectGiven(given, due);
  const before = belief.claims.length;
  for (const [place, action] of due.entries())
    belief.hold(action, given[place]?.claim_id ?? '', worker, lease);
  return belief.claims.slice(before);
}

export const whose = ({ credential, id }: Worker) => `${credential}/${id}`;

export const claims = fc
  .record({ worker: workers, list: lists, limit: fc.constantFrom(1, 1, 2, 10), lease: seconds })
  .map((taking) => {
    const { lease, limit, list, worker } = taking;
    return command(`${whose(worker)} claims ${limit} of ${list} for ${lease} s`, async (belief, real) => {
      await claim(belief, real, taking);
    });
  });

export async function begin(
  { action, fields, named, path, token, worker }: Saying,
  belief: Belief,
  real: Real,
) {
  const answer = await real.tenant[token].post(`${path}/begin`, fields);
  belief.expect('begin', answer, belief.begin(action, named, worker));
}

export const begins = fc
  .record({ pick: picks, manner: manners })
  .map(({ pick, manner }) => onClaim('begins', pick, manner, begin));

export const renewals = fc
  .record({ pick: picks, manner: manners, lease: seconds })
  .map(({ pick, manner, lease }) =>
    onClaim(`renews for ${lease} s`, pick, manner, async (saying, belief, { tenant }) => {
      const { action, fields, named, path, token, worker } = saying;
      const answer = await tenant[token].post(`${path}/renew`, { ...fields, lease_seconds: lease });
      belief.expect('renew', answer, belief.renew(action, named, worker, lease));
    }),
  );

export const returns = fc
  .record({
    pick: picks,
    manner: manners,
    reason: fc.constantFrom<Reason[]>('draining', 'not_delivered', 'busy', 'not_configured'),
    mayBegin: fc.constantFrom(true, true, false),
  })
  .map(({ pick, manner, reason, mayBegin }) =>
    onClaim(
      `${mayBegin ? 'begins, ' : ''}gives back, ${reason}`,
      pick,
      manner,
      async (saying, belief, real) => {
        if (mayBegin) await begin(saying, belief, real);
        const { action, fields, named, path, token, worker } = saying;
        const answer = await real.tenant[token].post(`${path}/return`, { ...fields, reason });
        belief.expect('return', answer, belief.giveBack(action, named, worker, reason));
      },
    ),
  );

export const words = fc.constantFrom<Word[]>(
  { outcome: 'succeeded' },
  { outcome: 'failed', code: 'no' },
  { outcome: 'retry', code: 'rate_limited' },
  { outcome: 'retry', code: 'rate_limited' },
  { outcome: 'retry', retry_after_ms: 45_000 },
  { outcome: 'unknown', code: 'timed_out' },
  { outcome: 'unknown', code: 'outcome_unknown' },
  { outcome: 'unknown', code: 'not_settled' },
);

export async function confirm(saying: Saying, word: Word, belief: Belief, { tenant }: Real): Promise<void> {
  const { action, fields, named, path, token, worker } = saying;
  const answer = await tenant[token].post(`${path}/confirm`, { ...fields, result: word });
  belief.expect('confirm', answer, belief.confirm(action, named, worker, word));
}

export const confirms = fc
  .record({ pick: picks, manner: manners, said: fc.array(words, { minLength: 1, maxLength: 2 }) })
  .map(({ pick, manner, said }) =>
    onClaim(`says ${said.map(textOf).join(', then ')}`, pick, manner, async (saying, belief, real) => {
      for (const word of said) await confirm(saying, word, belief, real);
      await expectTargets(belief, real);
    }),
  );

/** The newest word of an action said once more, by whoever said it or by another, when much may have happened since. */
export const repeats = fc.record({ pick: picks, manner: manners }).map(({ pick, manner }) =>
  command(
    `says the same again (${manner}) ~${pick}`,
    async (belief, real) => {
      const spoken = belief.claims.filter(({ word }) => word !== null);
      const claimed = chosen(spoken.toReversed(), pick);
      await confirm(
        sayingOf(belief, claimed, pick, manner),
        claimed.word ?? { outcome: 'failed' },
        belief,
        real,
      );
    },
    ({ claims: all }) => all.some(({ word }) => word !== null),
  ),
);

export function textOf({ code, outcome, retry_after_ms }: Word): string {
  return [outcome, code, retry_after_ms].filter((part) => part !== undefined).join(' ');
}
