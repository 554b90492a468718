import type { AgentContract } from '../contract/contract-document.ts';
import type { BundleSource } from './bundle-sources.ts';

/** The environment variables that must be set before a bundle's runner starts, by what they are for. */
export interface BundleVariables {
  readonly plane: readonly string[];
  readonly reads: readonly string[];
  readonly writes: readonly string[];
  /** What the contexts of the contract are bound to. */
  readonly trusted: readonly string[];
}

export const BASE_URL = 'SYNAPSOR_CLOUD_BASE_URL';
export const RUNNER_TOKEN = 'SYNAPSOR_RUNNER_TOKEN';

export function bundleVariables(
  { contexts }: AgentContract,
  sources: Readonly<Record<string, BundleSource>>,
): BundleVariables {
  const bound = contexts.flatMap(({ bindings }) => bindings.filter(({ source }) => source === 'environment'));
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
