import type { TestedGuard } from './guard.ts';

const TENANT = 'durable-objects/tenant';

/** Of the first run: that nobody can make it twice, and that whoever made it rules no longer than until there is an owner. */
export const guardsOfFirstRun: readonly TestedGuard[] = [
  {
    name: 'that the first run happens once',
    mutation: {
      file: `${TENANT}/bootstrap/exchange-bootstrap.ts`,
      find: "if (bootstrapSetting(world.row('settings', 'bootstrap')).is_exchanged) {",
      replace: 'if (Number.isNaN(now)) {',
    },
    suite: `${TENANT}/bootstrap/bootstrap.test.ts`,
    tests: '^the exchange',
    alarm: 'happens once, also within one turn',
  },
  {
    name: 'that the first account rules no more once there is an owner',
    mutation: {
      file: `${TENANT}/bootstrap/set-up.ts`,
      find: "if (identity.kind !== 'service' || !isOwned(world)) return undefined;",
      replace: "if (identity.kind !== 'agent' || !isOwned(world)) return undefined;",
    },
    suite: `${TENANT}/bootstrap/bootstrap.test.ts`,
    tests: '^the first account',
    alarm: 'makes owners while there is none, and does nothing of the kind after',
  },
];
