import type { TestedGuard } from './guard.ts';

/** What keeps an upgrade, and the way back, from doing harm. */
export const guardsOfUpgrades: readonly TestedGuard[] = [
  {
    name: 'the refusal to write on a schema that does not fit',
    mutation: {
      file: 'protocol/schema-state.ts',
      find: "if (state.kind !== 'ahead' && state.kind !== 'behind') return undefined;",
      replace: 'if (state !== undefined) return undefined;',
    },
    suite: 'protocol/schema-state.test.ts',
    tests: '^a database that had',
    alarm: 'a database that had',
  },
  {
    name: 'the limit of a roll-back, which is one release',
    mutation: {
      file: 'protocol/schema-state.ts',
      find: 'if (unknown.some((name) => releaseOfMigration(name) !== next))',
      replace: 'if (unknown.some((name) => releaseOfMigration(name) < next))',
    },
    suite: 'protocol/schema-state.test.ts',
    tests: '^a database that had',
    alarm: 'a database that had',
  },
  {
    name: 'the soundness of a copy that is made before a schema is changed',
    mutation: {
      file: 'serve/copy-before.ts',
      find: 'assertSame(source, target);',
      replace: 'source.location();',
    },
    suite: 'serve/copy-before.test.ts',
    tests: '^what is no sound database',
    alarm: 'what is no sound database',
  },
  {
    name: 'the law that the build before can do without a new column',
    mutation: {
      file: 'scripts/check/migration-law.ts',
      find: "return 'the build before writes rows without this column';",
      replace: 'return undefined;',
    },
    suite: 'scripts/check/migration-law.test.ts',
    tests: 'ask for a value',
    alarm: 'ask for a value',
  },
];
