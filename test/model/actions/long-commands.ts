import fc from 'fast-check';
import { law, type Target, targets, type Word, type Worker } from './action.ts';
import { command, sayingOf, workers } from './command.ts';
import { askAndLetGo, mails, notices, refunds } from './intent-commands.ts';
import { type Belief, expectTargets, type Real } from './real.ts';
import { begin, claim, confirm, lists, textOf, whose, words } from './work-commands.ts';

/** Many steps in one command: what chance alone would hardly ever put together. */

/** Workers that do one action after the other, each with the same end. */
export const shifts = fc
  .record({
    worker: workers,
    list: lists,
    word: words,
    times: fc.constantFrom(1, 2, 4),
    begins: fc.boolean(),
  })
  .map(({ worker, list, word, times, begins: mayBegin }) =>
    command(
      `${whose(worker)} does ${times} of ${list}, each ends as ${textOf(word)}${mayBegin ? ', once begun' : ''}`,
      (belief, real) => workThrough(belief, real, { worker, list, word, times, mayBegin }),
    ),
  );

interface Shift {
  readonly worker: Worker;
  readonly list: readonly Target[];
  readonly word: Word;
  readonly times: number;
  readonly mayBegin: boolean;
}

async function workThrough(belief: Belief, real: Real, shift: Shift): Promise<void> {
  const { list, mayBegin, times, word, worker } = shift;
  for (let done = 0; done < times; done += 1) {
    for (const one of await claim(belief, real, { worker, list, limit: 1, lease: 30 })) {
      const saying = sayingOf(belief, one, 0, 'own');
      if (mayBegin && law[one.action.kind].mustBegin) await begin(saying, belief, real);
      await confirm(saying, word, belief, real);
    }
    // So long that whoever was sent to rest for a moment is there again.
    if (done + 1 < times) await advance(belief, real, 4_000);
  }
  await expectTargets(belief, real);
}

/** A provider fails, often enough for its circuit breaker; perhaps a worker still has an earlier claim. */
export const storms = fc
  .record({
    some: fc.oneof(...[refunds, notices, mails].map((one) => fc.array(one, { minLength: 3, maxLength: 4 }))),
    worker: workers,
    word: words.filter(({ outcome }) => outcome === 'retry' || outcome === 'unknown'),
    kept: fc.constantFrom('no claim', 'a claim', 'a claim that ends well'),
  })
  .map(({ some, worker, word, kept }) => {
    const [{ kind }] = some as [(typeof some)[number]];
    const { target } = law[kind];
    return command(
      `${target} fails six times with ${textOf(word)} for ${some.map(({ effect }) => effect).join(', ')}` +
        `, and ${kept} was kept (${whose(worker)})`,
      async (belief, real) => {
        for (const asked of some) await askAndLetGo(belief, real, { asked, agent: 'agent', seconds: 7_200 });
        const list = [target];
        const keeping = { worker, list, limit: 1, lease: 600 };
        const [earlier] = kept === 'no claim' ? [] : await claim(belief, real, keeping);
        await workThrough(belief, real, { worker, list, word, times: 6, mayBegin: true });
        if (earlier === undefined || kept === 'a claim') return;
        await confirm(sayingOf(belief, earlier, 0, 'own'), { outcome: 'succeeded' }, belief, real);
      },
    );
  });

/** As soon as a target has rested enough, somebody tries it. */
export const trials = fc
  .record({
    worker: workers,
    word: fc.oneof(words, fc.constant<Word>({ outcome: 'succeeded' })),
    lease: fc.constantFrom(5, 60),
    isAnswered: fc.constantFrom(true, true, false),
  })
  .map(({ worker, word, lease, isAnswered }) =>
    command(
      `${whose(worker)} tries what has rested for ${lease} s${isAnswered ? `, and says ${textOf(word)}` : ''}`,
      async (belief, real) => {
        const [target] = troubled(belief);
        if (target === undefined) return;
        const { until } = belief.breakers[target];
        if (until !== null && until > belief.now) await advance(belief, real, until - belief.now);
        for (const one of await claim(belief, real, { worker, list: [target], limit: 2, lease }))
          if (isAnswered) await confirm(sayingOf(belief, one, 0, 'own'), word, belief, real);
        await expectTargets(belief, real);
      },
      (belief) => troubled(belief).length > 0,
    ),
  );

function troubled({ breakers }: Readonly<Belief>): Target[] {
  return targets.filter((target) => breakers[target].state !== 'closed');
}

interface Vanishing {
  readonly worker: Worker;
  readonly list: readonly Target[];
  readonly times: number;
  readonly mayBegin: boolean;
}

/** Workers that claim, and are never heard of again. */
async function loseWorkers(belief: Belief, real: Real, vanishing: Vanishing): Promise<void> {
  const { list, mayBegin, times, worker } = vanishing;
  for (let done = 0; done < times; done += 1) {
    for (const one of await claim(belief, real, { worker, list, limit: 3, lease: 5 }))
      if (mayBegin) await begin(sayingOf(belief, one, 0, 'own'), belief, real);
    await advance(belief, real, 5_000);
  }
}

export const vanish = fc
  .record({ worker: workers, list: lists, times: fc.constantFrom(1, 1, 3), mayBegin: fc.boolean() })
  .map((vanishing) => {
    const { list, mayBegin, times, worker } = vanishing;
    return command(
      `${whose(worker)} claims of ${list}${mayBegin ? ', begins' : ''} and vanishes, ${times} times`,
      (belief, real) => loseWorkers(belief, real, vanishing),
    );
  });

/** Workers are lost with what can be tried three times: so there are dead letters. One may speak a moment too late. */
export const burials = fc
  .record({
    some: fc.array(notices, { minLength: 2, maxLength: 3 }),
    worker: workers,
    speaks: fc.boolean(),
  })
  .map(({ some, worker, speaks }) =>
    command(
      `three workers are lost with ${some.map(({ effect }) => effect).join(', ')} (${whose(worker)})` +
        `${speaks ? ', and one speaks a second later' : ''}`,
      async (belief, real) => {
        const before = belief.claims.length;
        for (const asked of some) await askAndLetGo(belief, real, { asked, agent: 'agent', seconds: 7_200 });
        await loseWorkers(belief, real, { worker, list: [law.notice.target], times: 3, mayBegin: false });
        const lost = belief.claims[before];
        if (!speaks || lost === undefined) return;
        await advance(belief, real, 1_000);
        await confirm(sayingOf(belief, lost, 0, 'own'), { outcome: 'succeeded' }, belief, real);
      },
    ),
  );

export async function advance(belief: Belief, real: Real, milliseconds: number): Promise<void> {
  await real.advance(milliseconds);
  belief.advance(milliseconds);
}
