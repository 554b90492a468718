import { cloudflareTest, readD1Migrations } from '@cloudflare/vitest-plugin';
import { defineConfig } from 'vitest/config';

const PACKAGES = '{protocol,client,cli,dashboard,durable-objects,workers,runner,serve,scripts}';

/** What needs the servers that are fetched where the machine has none. */
const ENGINES = [
  'test/integration/engines/**/*.test.ts',
  'test/integration/hostile-jobs.test.ts',
  'runner/databases/mysql/{check-source,mysql-apply,posture}.test.ts',
  'runner/databases/postgres/postgres-apply.test.ts',
];

/** What a plane is put through as a whole, and the command line: its tests wait for processes more than they work. */
const OPERATIONS = [
  'test/integration/backups/**/*.test.ts',
  'test/integration/{cli-and-*,local-fleet,many-tenants,plane-as-pid-1,provisioning,serve,serve-*}.test.ts',
];

export default defineConfig({
  test: {
    projects: [
      {
        test: {
          name: 'unit',
          // To load the packages anew for each file would take longer than all of the tests.
          isolate: false,
          include: [`${PACKAGES}/**/*.test.ts`, 'test/provisioning/**/*.test.ts'],
          exclude: ['**/node_modules/**', '**/dist/**', '**/*.workers.test.ts', ...ENGINES],
        },
      },
      {
        // In workerd, with the gateway's own bindings and the migrations that production gets.
        plugins: [
          cloudflareTest(async () => ({
            wrangler: { configPath: './wrangler.toml' },
            remoteBindings: false,
            miniflare: { bindings: { TEST_MIGRATIONS: await readD1Migrations('migrations') } },
          })),
        ],
        test: {
          name: 'workers',
          include: [`${PACKAGES}/**/*.workers.test.ts`, 'test/workers/**/*.workers.test.ts'],
          setupFiles: ['./test/support/apply-migrations.ts'],
        },
      },
      {
        // Real processes and a real database server: what they cost is waiting, not work.
        test: {
          name: 'integration',
          isolate: false,
          sequence: { groupOrder: 1 },
          include: ['test/integration/**/*.test.ts'],
          exclude: [...ENGINES, ...OPERATIONS],
          globalSetup: ['./test/support/run-folder.ts'],
          maxWorkers: 1,
          testTimeout: 30_000,
          hookTimeout: 60_000,
        },
      },
      {
        // What existing clients rely on, played against a plane that runs.
        test: {
          name: 'conformance',
          isolate: false,
          sequence: { groupOrder: 1 },
          include: ['test/conformance/**/*.test.ts'],
          globalSetup: ['./test/support/run-folder.ts'],
          maxWorkers: 1,
          testTimeout: 30_000,
          hookTimeout: 60_000,
        },
      },
      {
        test: {
          name: 'operations',
          isolate: false,
          sequence: { groupOrder: 1 },
          include: OPERATIONS,
          globalSetup: ['./test/support/run-folder.ts'],
          maxWorkers: 1,
          testTimeout: 30_000,
          hookTimeout: 60_000,
        },
      },
      {
        test: {
          name: 'drills',
          isolate: false,
          sequence: { groupOrder: 1 },
          include: ['test/drills/**/*.test.ts'],
          globalSetup: ['./test/support/run-folder.ts'],
          maxWorkers: 1,
          testTimeout: 30_000,
          hookTimeout: 60_000,
        },
      },
      {
        // The pages in a real browser, against the whole local stack.
        test: {
          name: 'browser',
          isolate: false,
          sequence: { groupOrder: 1 },
          include: ['test/browser/**/*.test.ts'],
          globalSetup: ['./test/browser/support/prepare-chromium.ts', './test/support/run-folder.ts'],
          maxWorkers: 1,
          testTimeout: 60_000,
          hookTimeout: 120_000,
        },
      },
      {
        // The runner on every database that it writes to.
        test: {
          name: 'engines',
          isolate: false,
          sequence: { groupOrder: 1 },
          include: ENGINES,
          globalSetup: ['./test/support/prepare-engines.ts', './test/support/run-folder.ts'],
          maxWorkers: 1,
          testTimeout: 60_000,
          hookTimeout: 120_000,
        },
      },
      {
        test: {
          name: 'model',
          isolate: false,
          sequence: { groupOrder: 2 },
          include: ['test/model/**/*.test.ts'],
          globalSetup: ['./test/support/run-folder.ts'],
          maxWorkers: 1,
          testTimeout: 600_000,
          hookTimeout: 60_000,
        },
      },
      {
        test: {
          name: 'simulation',
          sequence: { groupOrder: 3 },
          include: ['test/simulation/**/*.test.ts'],
          testTimeout: 600_000,
        },
      },
      {
        // Everything real, and everything that can be killed is killed.
        test: {
          name: 'chaos',
          sequence: { groupOrder: 5 },
          include: ['test/chaos/**/*.test.ts'],
          globalSetup: ['./test/support/prepare-engines.ts', './test/support/run-folder.ts'],
          maxWorkers: 1,
          testTimeout: 600_000,
          hookTimeout: 60_000,
        },
      },
      {
        // Runs other suites on sources from which a guard was removed.
        test: {
          name: 'mutations',
          sequence: { groupOrder: 4 },
          include: ['test/mutations/**/*.test.ts'],
          globalSetup: ['./test/support/prepare-engines.ts', './test/support/run-folder.ts'],
          maxWorkers: 1,
          testTimeout: 600_000,
          hookTimeout: 60_000,
        },
      },
    ],
  },
});
