import { beforeAll, describe, expect, test } from 'vitest';
import { type Findings, lintPlanted } from './lint-planted.ts';

/** Importer, what it imports, and the words of the refusal: one row for each arrow that may not be. */
const FORBIDDEN: readonly (readonly [string, string, string])[] = [
  ['protocol', '@countersign/client/http', 'protocol imports zod'],
  ['protocol', '@countersign/runner/config', 'protocol imports zod'],
  ['protocol', '@countersign/durable-objects/tenant/schema', 'protocol imports zod'],
  ['protocol', '@countersign/gateway/worker', 'protocol imports zod'],
  ['protocol', 'hono', 'protocol imports zod'],
  ['protocol', 'cloudflare:workers', 'protocol imports zod'],
  ['client', '@countersign/runner/config', 'client imports protocol'],
  ['client', '@countersign/durable-objects/tenant/schema', 'client imports protocol'],
  ['client', '@countersign/gateway/worker', 'client imports protocol'],
  ['client', '@countersign/provisioner/worker', 'client imports protocol'],
  ['durable-objects/tenant', '@countersign/client/http', 'durable-objects imports protocol'],
  ['durable-objects/tenant', '@countersign/runner/config', 'durable-objects imports protocol'],
  ['durable-objects/tenant', '@countersign/gateway/worker', 'durable-objects imports protocol'],
  ['durable-objects/tenant', '@countersign/provisioner/worker', 'durable-objects imports protocol'],
  ['workers/gateway', '@countersign/runner/config', 'The gateway imports protocol and durable-objects'],
  ['workers/gateway', '@countersign/client/http', 'The gateway imports protocol and durable-objects'],
  ['workers/gateway', '@countersign/provisioner/worker', 'The gateway imports protocol and durable-objects'],
  ['workers/provisioner', '@countersign/durable-objects/tenant/schema', 'The provisioner imports protocol'],
  ['workers/provisioner', '@countersign/gateway/worker', 'The provisioner imports protocol'],
  ['workers/provisioner', '@countersign/client/http', 'The provisioner imports protocol'],
  ['workers/provisioner', '@countersign/runner/config', 'The provisioner imports protocol'],
  ['runner', '@countersign/durable-objects/tenant/schema', 'The runner imports protocol and client'],
  ['runner', '@countersign/gateway/worker', 'The runner imports protocol and client'],
  ['runner', '@countersign/provisioner/worker', 'The runner imports protocol and client'],
  ['runner', '@countersign/serve/start-plane', 'The runner imports protocol and client'],
  ['serve', '@countersign/client/http', 'serve imports protocol and the provisioner'],
  ['serve', '@countersign/durable-objects/tenant/schema', 'serve imports protocol and the provisioner'],
  ['serve', '@countersign/gateway/worker', 'serve imports protocol and the provisioner'],
  ['serve', '@countersign/runner/config', 'serve imports protocol and the provisioner'],
  [
    'dashboard/app',
    '@countersign/durable-objects/tenant/schema',
    'The dashboard imports protocol and client',
  ],
  ['dashboard/app', '@countersign/gateway/worker', 'The dashboard imports protocol and client'],
  ['dashboard/app', '@countersign/cli/main', 'The dashboard imports protocol and client'],
  ['cli', '@countersign/durable-objects/tenant/schema', 'The command line imports protocol and client'],
  ['cli', '@countersign/gateway/worker', 'The command line imports protocol and client'],
  ['cli', '@countersign/runner/config', 'The command line imports protocol and client'],
  ['cli', '@countersign/serve/serve-commands', 'The command line imports protocol and client'],
  ['cli/serving', '@countersign/gateway/worker', 'The commands that run a plane import protocol'],
  ['cli/nouns', '../../runner/config.ts', 'stays in its own package'],
  ['protocol', '../client/http.ts', 'stays in its own package'],
  ['client', '../scripts/start.ts', 'stays in its own package'],
  ['durable-objects', '../test/support/fake.ts', 'stays in its own package'],
  ['durable-objects/tenant', '../../runner/config.ts', 'stays in its own package'],
  ['durable-objects/tenant/job', '../../../protocol/ids.ts', 'stays in its own package'],
  ['workers/gateway', '../provisioner/worker.ts', 'stays in its own package'],
  ['workers/gateway/routes', '../../../bench/load.ts', 'stays in its own package'],
  ['runner', '../bench/load.ts', 'stays in its own package'],
  ['runner/databases/postgres', '../../../workers/gateway/worker.ts', 'stays in its own package'],
  ['runner/databases/postgres/sql', '../../../../client/http.ts', 'stays in its own package'],
  ['dashboard/app', '../../scripts/start.ts', 'stays in its own package'],
  ['serve', '../scripts/start.ts', 'stays in its own package'],
  ['scripts', '../runner/config.ts', 'by name'],
  ['scripts', '../serve/start-plane.ts', 'by name'],
  ['bench', '../workers/gateway/worker.ts', 'by name'],
  ['test/integration', '../../durable-objects/tenant/schema.ts', 'by name'],
];

const ALLOWED: readonly (readonly [string, string])[] = [
  ['protocol', 'zod'],
  ['protocol', 'node:crypto'],
  ['protocol', './ids.ts'],
  ['client', '@countersign/protocol/ids'],
  ['durable-objects/tenant', '@countersign/protocol/ids'],
  ['durable-objects/tenant', 'drizzle-orm'],
  ['durable-objects/tenant/job', '../runner/runner.ts'],
  ['workers/gateway', '@countersign/protocol/ids'],
  ['workers/gateway', '@countersign/durable-objects/tenant/tenant-object'],
  ['workers/gateway/routes', '../problem.ts'],
  ['workers/provisioner', '@countersign/protocol/ids'],
  ['runner', '@countersign/protocol/ids'],
  ['runner', '@countersign/client/http'],
  ['runner/databases/postgres', '../../verify/check.ts'],
  ['dashboard/app', '@countersign/client/http'],
  ['dashboard/app', '../ui/button.tsx'],
  ['serve', '@countersign/protocol/ids'],
  ['serve', '@countersign/provisioner/create-tenant'],
  ['cli', '@countersign/protocol/ids'],
  ['cli/nouns', '@countersign/client/http'],
  ['cli/serving', '@countersign/serve/serve-commands'],
  ['scripts', '@countersign/runner/config'],
  ['scripts', '@countersign/serve/start-plane'],
  ['bench', '../scripts/local/stack.ts'],
];

/** The ways in which one file can name another: each is an import to the rule. */
const FORMS: Readonly<Record<string, (to: string) => string>> = {
  named: (to) => `import { it } from '${to}';\nexport const used = it;\n`,
  type: (to) => `import type { It } from '${to}';\nexport type Used = It;\n`,
  effect: (to) => `import '${to}';\n`,
  reexport: (to) => `export { it } from '${to}';\n`,
  dynamic: (to) => `export const used = await import('${to}');\n`,
};

function pathOf(from: string, to: string, form: string): string {
  return `${from}/${to.replaceAll(/[^a-z]+/g, '-').replaceAll(/^-|-$/g, '')}-${form}.ts`;
}

function plant(): Map<string, string> {
  const files = new Map<string, string>();
  for (const [from, to] of [...FORBIDDEN, ...ALLOWED]) {
    for (const [form, write] of Object.entries(FORMS)) files.set(pathOf(from, to, form), write(to));
  }
  return files;
}

describe('the import directions of the design', () => {
  let findings: Findings = new Map();
  const importFindings = (from: string, to: string, form: string) =>
    (findings.get(pathOf(from, to, form)) ?? []).filter((it) => /noRestrictedImports|^plugin/.test(it));

  beforeAll(() => {
    findings = lintPlanted(plant());
  });

  test.each(FORBIDDEN)('%s may not import %s', (from, to, words) => {
    for (const form of Object.keys(FORMS)) {
      expect(importFindings(from, to, form), form).toEqual([expect.stringContaining(words)]);
    }
  });

  test.each(ALLOWED)('%s may import %s', (from, to) => {
    for (const form of Object.keys(FORMS)) expect(importFindings(from, to, form), form).toEqual([]);
  });
});
