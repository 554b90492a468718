import type { AgentContract } from '../contract/contract-document.ts';
import { Refused } from '../problem.ts';
import type { BundleSource } from './bundle-sources.ts';

/** The environment variables that must be set before a bundle's runner starts, by what they are for. */
export interface BundleVariables {
  readonly plane: readonly string[];
  readonly reads: readonly string[];
  readonly writes: readonly string[];
  /** What the contexts of the contract are bound to. */
  readonly trusted: readonly string[];
}

/** What a shell takes for a name: whoever sources the file must get names and nothing else. */
const VARIABLE = /^[A-Za-z_][A-Za-z0-9_]*$/;

export const BASE_URL = 'SYNAPSOR_CLOUD_BASE_URL';
export const RUNNER_TOKEN = 'SYNAPSOR_RUNNER_TOKEN';

export function bundleVariables(
  { contexts }: AgentContract,
  sources: Readonly<Record<string, BundleSource>>,
): BundleVariables {
  const bound = contexts.flatMap(({ bindings }) => bindings.filter(({ source }) => source === 'environment'));
  const unfit = bound.find(({ key }) => !VARIABLE.test(key));
  if (unfit !== undefined) {
    const message = `the binding ${unfit.name} names no environment variable: ${JSON.stringify(unfit.key)}`;
    throw new Refused({ code: 'contract_invalid', message });
  }
  const databases = Object.values(sources);
  return {
    plane: [BASE_URL, RUNNER_TOKEN],
    reads: databases.map(({ read_url_env }) => read_url_env),
    writes: databases.map(({ write_url_env }) => write_url_env),
    trusted: [...new Set(bound.map(({ key }) => key))],
  };
}

/** As a file to copy and fill in. */
export function envExample({ plane, reads, writes, trusted }: BundleVariables): string {
  const sections: readonly (readonly [string, readonly string[]])[] = [
    ['The control plane, and the token of this runner.', plane],
    ['A role that may read the tables of the contract.', reads],
    ['A role that may write the reviewed columns: for the worker alone, never for an MCP server.', writes],
    ['Whose data is served, and for whom. The model never supplies these.', trusted],
  ];
  return sections
    .filter(([, names]) => names.length > 0)
    .map(([title, names]) => `# ${title}\n${names.map((name) => `${name}=replace-me\n`).join('')}`)
    .join('\n');
}
