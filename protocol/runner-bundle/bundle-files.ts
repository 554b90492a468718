import type { BundleParts } from './bundle-parts.ts';
import { bundleReadme } from './bundle-readme.ts';
import { type BundleSource, bundleSources } from './bundle-sources.ts';
import {
  BASE_URL,
  type BundleVariables,
  bundleVariables,
  envExample,
  RUNNER_TOKEN,
} from './bundle-variables.ts';

const STORE = './.synapsor/local.db';

/**
 * The files of a runner's bundle (PROTOCOL 5), by their path in the archive: what an existing runner needs to serve
 * one version of a contract and to work for this plane. Names and placeholders only, no secret. Throws `Refused`.
 */
export function bundleFiles(parts: BundleParts): Readonly<Record<string, string>> {
  const { contract } = parts;
  const { alias, sources } = bundleSources(contract, parts);
  const variables = bundleVariables(contract, sources);
  return {
    'synapsor.contract.json': json(contract),
    'synapsor.runner.json': json(runnerConfig(sources)),
    'synapsor.cloud.json': json({ cloud: connection(parts, alias, sources) }),
    '.env.example': envExample(variables),
    'README.md': bundleReadme(parts, variables),
    ...clientExamples(variables),
  };
}

function runnerConfig(sources: Readonly<Record<string, BundleSource>>) {
  return {
    version: 1,
    mode: 'review',
    result_format: 2,
    storage: { sqlite_path: STORE },
    contracts: ['./synapsor.contract.json'],
    sources,
    governance: {
      mode: 'cloud_linked',
      connection_file: './synapsor.cloud.json',
      evidence_residency: 'metadata_only',
      queue_when_unavailable: true,
    },
  };
}

function connection(parts: BundleParts, alias: string, sources: Readonly<Record<string, BundleSource>>) {
  return {
    project_id: parts.projectId,
    source_id: parts.sourceId,
    runner_source_id: alias,
    runner_id: parts.runnerId,
    contract_id: parts.contractId,
    contract_version_id: parts.versionId,
    contract_digest: parts.digest,
    base_url_env: BASE_URL,
    runner_token_env: RUNNER_TOKEN,
    engines: [...new Set(Object.values(sources).map(({ engine }) => engine))],
    capabilities: parts.contract.capabilities.map(({ name }) => name),
  };
}

/** For clients that start the runner themselves. They get no variable that could write. */
function clientExamples({ plane, reads, trusted }: BundleVariables): Record<string, string> {
  const named = [...plane, ...reads, ...trusted];
  const serve = ['mcp', 'serve', '--config', './synapsor.runner.json', '--store', STORE];
  const example = json({
    mcpServers: {
      'synapsor-runner': {
        command: 'npx',
        args: ['-y', '-p', '@synapsor/runner', 'synapsor-runner', ...serve],
        env: Object.fromEntries(named.map((name) => [name, `\${${name}}`])),
      },
    },
  });
  const clients = [
    'claude-desktop.json',
    'cursor-project.mcp.json',
    'cursor-global.mcp.json',
    'generic-stdio.json',
  ];
  return Object.fromEntries(clients.map((file) => [`mcp-client-examples/${file}`, example]));
}

function json(value: unknown): string {
  return `${JSON.stringify(value, null, 2)}\n`;
}
