import type { BundleParts } from './bundle-parts.ts';
import type { BundleVariables } from './bundle-variables.ts';

/** What the person reads who unpacked a bundle. */
export function bundleReadme(parts: BundleParts, variables: BundleVariables): string {
  const { contractId, versionId, digest, projectId, sourceId } = parts;
  const count = Object.values(variables).flat().length;
  return `# A runner for ${sourceId}

Made for the project \`${projectId}\`: the contract \`${contractId}\`, version \`${versionId}\`,
\`${digest}\`.

Nothing here is secret: the files name the variables that hold addresses and credentials, and not their values.

1. Copy \`.env.example\` to \`.env\`, put the ${count} values in, and keep that file to yourself. The runner's token is made
   with \`countersign runners create\` and shown once.
2. Load it and look at what would be served:

       set -a; . ./.env; set +a
       npx -y -p @synapsor/runner synapsor-runner config validate --config ./synapsor.runner.json
       npx -y -p @synapsor/runner synapsor-runner tools preview --config ./synapsor.runner.json --store ./.synapsor/local.db

3. Register the runner with the control plane, then let it work:

       npx -y -p @synapsor/runner synapsor-runner cloud connect --config ./synapsor.runner.json
       npx -y -p @synapsor/runner synapsor-runner runner start --config ./synapsor.runner.json --store ./.synapsor/local.db

An MCP client starts it with one of the files in \`mcp-client-examples\`. They hand it no URL that could write: what an
agent proposes is decided at the control plane, and written by the worker alone.

Countersign is compatible with the Synapsor Runner and is not affiliated with it. Each download names a runner of its
own (\`runner_id\` in \`synapsor.cloud.json\`): download again for another machine instead of copying this folder.
`;
}
