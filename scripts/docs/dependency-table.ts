import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import * as z from 'zod';
import { dependencyReasons } from './dependency-reasons.ts';
import { markdownTable } from './markdown-table.ts';

const versionsSchema = z.record(z.string(), z.string()).default({});
const rootSchema = z.object({ workspaces: z.array(z.string()), devDependencies: versionsSchema });
const workspaceSchema = z.object({ dependencies: versionsSchema, devDependencies: versionsSchema });

interface Use {
  readonly version: string;
  /** The workspaces whose product code needs it; none for a tool. */
  readonly users: string[];
}

/** The npm packages that the product is made of, then the tools. Throws when one has no reason, or a reason no package. */
export function dependencyTables(root: string): { readonly product: string; readonly tools: string } {
  const uses = [...dependencies(root)].toSorted(([a], [b]) => (a < b ? -1 : 1));
  const named = uses.map(([name]) => name);
  const unexplained = named.filter((name) => !Object.hasOwn(dependencyReasons, name));
  const unused = Object.keys(dependencyReasons).filter((name) => !named.includes(name));
  if (unexplained.length + unused.length > 0) {
    throw new Error(
      `scripts/docs/dependency-reasons.ts: without a reason: ${unexplained.join(', ') || 'none'}; no dependency: ${unused.join(', ') || 'none'}`,
    );
  }
  const table = (rows: typeof uses) =>
    markdownTable(
      ['package', 'version', 'used by', 'what for', 'why this one'],
      rows.map(([name, { version, users }]) => {
        const { purpose, choice } = dependencyReasons[name] ?? { purpose: '', choice: '' };
        return [`\`${name}\``, version, users.join(', ') || 'tools', purpose, choice];
      }),
    );
  return {
    product: table(uses.filter(([, { users }]) => users.length > 0)),
    tools: table(uses.filter(([, { users }]) => users.length === 0)),
  };
}

function dependencies(root: string): Map<string, Use> {
  const { workspaces, devDependencies } = rootSchema.parse(readPackage(root));
  const uses = new Map<string, Use>();
  const add = (name: string, version: string, users: readonly string[]) => {
    const known = uses.get(name);
    if (known !== undefined && known.version !== version) {
      throw new Error(`${name} is wanted as ${known.version} and as ${version}`);
    }
    uses.set(name, { version, users: [...(known?.users ?? []), ...users] });
  };
  for (const [name, version] of Object.entries(devDependencies)) add(name, version, []);
  for (const folder of workspaces) {
    const workspace = workspaceSchema.parse(readPackage(join(root, folder)));
    for (const [name, version] of Object.entries(workspace.dependencies)) {
      if (!name.startsWith('@countersign/')) add(name, version, [folder]);
    }
    for (const [name, version] of Object.entries(workspace.devDependencies)) add(name, version, []);
  }
  return uses;
}

function readPackage(folder: string): unknown {
  return JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'));
}
