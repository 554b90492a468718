/** One thing that `npm test` runs: a command of which only the end counts, or a vitest project. */
export interface Step {
  readonly name: string;
  readonly command: readonly [string, ...string[]];
  /** A vitest project counts each of its tests; any other step counts as one. */
  readonly kind: 'check' | 'vitest';
  /** A step still running then has hung: it is stopped and counts as failed. */
  readonly limitSeconds: number;
}

const CHECK_LIMIT_SECONDS = 120;
const SUITE_LIMIT_SECONDS = 1_200;

/**
 * All steps, in phases: what is cheap comes first, and a phase that failed keeps a developer from waiting for the
 * next. Within a phase the longest stands first, which packs two at a time best.
 */
export const PHASES: readonly (readonly Step[])[] = [
  // What the Workers are deployed with, and so are checked with.
  [check('dashboard', 'node', 'scripts/dashboard.ts')],
  [
    check('lint', 'biome', 'check', '--error-on-warnings', '--max-diagnostics=50'),
    check('types', 'tsc', '-p', 'tsconfig.json'),
    check('types-workers', 'tsc', '-p', 'tsconfig.workers.json'),
    check('types-dashboard', 'tsc', '-p', 'tsconfig.dashboard.json'),
    check('types-browser', 'tsc', '-p', 'tsconfig.browser-tests.json'),
    check('bundle', 'node', 'scripts/check/bundle-size.ts'),
    check('dashboard-size', 'node', 'scripts/check/dashboard-size.ts'),
    check('migrations', 'node', 'scripts/check/migrations-current.ts'),
    check('lock-file', 'node', 'scripts/check/lock-file.ts'),
    check('docs', 'node', 'scripts/docs.ts', '--check'),
  ],
  [suite('unit'), suite('chaos'), suite('workers')],
  [
    suite('integration'),
    suite('operations'),
    suite('drills'),
    suite('browser'),
    suite('model'),
    suite('simulation'),
    suite('mutations'),
    suite('engines'),
    suite('conformance'),
  ],
];

function check(name: string, command: string, ...args: string[]): Step {
  return { name, command: [command, ...args], kind: 'check', limitSeconds: CHECK_LIMIT_SECONDS };
}

function suite(name: string): Step {
  return {
    name,
    command: ['vitest', 'run', '--project', name],
    kind: 'vitest',
    limitSeconds: SUITE_LIMIT_SECONDS,
  };
}
