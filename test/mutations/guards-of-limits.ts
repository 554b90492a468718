import type { TestedGuard } from './guard.ts';

const LIMITS = 'durable-objects/tenant/limits';

/** Guards of what a project may use up, and of who is told. */
export const limitGuards: readonly TestedGuard[] = [
  {
    name: 'the limit of how many there are',
    mutation: {
      file: `${LIMITS}/within-limits.ts`,
      find: 'marks.find(({ limit, used }) => used > limit)',
      replace: 'marks.find(({ limit, used }) => used > limit + 1)',
    },
    suite: `${LIMITS}/within-limits.test.ts`,
    tests: '^what makes one more',
    alarm: 'is refused by the name of the limit where nothing is left',
  },
  {
    name: 'that a limit is noted once an hour',
    mutation: {
      file: `${LIMITS}/neared.ts`,
      find: 'if (isNoted(neared[mark.name], now)) return undefined;',
      replace: '',
    },
    suite: `${LIMITS}/within-limits.test.ts`,
    tests: '^what makes one more',
    alarm: 'is noted once an hour',
  },
  {
    name: 'that agents share a limit',
    mutation: {
      file: `${LIMITS}/counted-calls.ts`,
      find: 'of: caller.kind }',
      replace: 'of: ownerOf(caller) }',
    },
    suite: `${LIMITS}/rates.test.ts`,
    tests: '^a limit a minute',
    alarm: 'of one agent leaves room for the others of it',
  },
  {
    name: 'that an agent is never urgent',
    mutation: {
      file: `${LIMITS}/counted-calls.ts`,
      find: "case 'agent':\n      return 'ordinary';",
      replace: "case 'agent':\n      return holdingBack.has(ask.type) ? 'urgent' : 'ordinary';",
    },
    suite: `${LIMITS}/rates.test.ts`,
    tests: '^a limit a minute',
    alarm: 'counts nothing of what a runner reports',
  },
  {
    name: 'that a stranger hears of no limit',
    mutation: {
      file: `${LIMITS}/admission.ts`,
      find: 'isStranger ? toStranger(call.ask) : { ok: false, refusal, near }',
      replace: 'isStranger ? { ok: false, refusal, near } : { ok: false, refusal, near }',
    },
    suite: `${LIMITS}/admission.test.ts`,
    tests: '^who is no member',
    alarm: 'never hears of a limit',
  },
  {
    name: 'that a revoked token uses up nothing of others',
    mutation: {
      file: `${LIMITS}/admission.ts`,
      find: 'else this.#rates.giveBack(call, now);',
      replace: '',
    },
    suite: `${LIMITS}/admission.test.ts`,
    tests: '^tokens that count no more',
    alarm: 'tokens that count no more use up nothing',
  },
];
