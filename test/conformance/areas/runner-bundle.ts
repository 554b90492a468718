import { strict as assert } from 'node:assert';
import * as z from 'zod';
import { digestOf } from '../canonical.ts';
import { passes, refuses } from '../checks.ts';
import { ALIAS, type ContractTriple } from '../documents.ts';
import { pushActive } from '../doing.ts';
import { fullDigest } from '../reads.ts';
import { scenariosOf } from '../scenario.ts';
import type { Stand } from '../stand.ts';
import { filesIn } from '../zip.ts';

const text = z.string().min(1);
const variable = z.string().regex(/^[A-Z_][A-Z0-9_]*$/);

const cloudFile = z.object({
  cloud: z.object({
    project_id: text,
    source_id: text,
    runner_source_id: text,
    runner_id: text,
    contract_id: text,
    contract_version_id: text,
    contract_digest: fullDigest,
    base_url_env: z.literal('SYNAPSOR_CLOUD_BASE_URL'),
    runner_token_env: z.literal('SYNAPSOR_RUNNER_TOKEN'),
    engines: z.array(text).min(1),
    capabilities: z.array(text).min(1),
  }),
});
const runnerFile = z.object({
  version: z.literal(1),
  mode: z.literal('review'),
  result_format: z.literal(2),
  storage: z.object({ sqlite_path: z.literal('./.synapsor/local.db') }),
  contracts: z.tuple([z.literal('./synapsor.contract.json')]),
  sources: z.record(
    text,
    z.object({
      engine: z.enum(['postgres', 'mysql']),
      read_url_env: variable,
      write_url_env: variable,
    }),
  ),
  governance: z.object({
    mode: z.literal('cloud_linked'),
    connection_file: z.literal('./synapsor.cloud.json'),
    evidence_residency: z.literal('metadata_only'),
    queue_when_unavailable: z.literal(true),
  }),
});

const expectedFiles = [
  'synapsor.contract.json',
  'synapsor.runner.json',
  'synapsor.cloud.json',
  '.env.example',
  'README.md',
];
/** What the clients' scan for secrets rejects (PROTOCOL 5). */
const secret =
  /(postgres|mysql)(ql)?:\/\/[^\s:/]+:[^\s@]+@|-----BEGIN [A-Z ]*PRIVATE KEY|syn_(sess|ops|inv|run|svc)_|AKIA[A-Z0-9]{16}|Bearer \S/;

async function download({ human, project, source }: Stand, triple: ContractTriple) {
  const versions = `/v1/control/projects/${project}/agent-contracts/${triple.contract_id}/versions`;
  const path = `${versions}/${triple.contract_version_id}/runner-bundle`;
  // Fetched as a file: nothing says who the client is (PROTOCOL 1.2).
  const headers = { accept: 'application/octet-stream', 'x-synapsor-credential-kind': '' };
  return passes(await human.get(`${path}?download=1&source_id=${source}`, { headers })).bytes;
}

export const runnerBundleScenarios = scenariosOf(
  'runner bundle',
  [
    'a bundle is a ZIP archive with the files that a runner needs, and no secret in any of them',
    '5; 6.2 step 9',
    async (stand) => {
      const files = filesIn(await download(stand, await pushActive(stand)));
      for (const name of expectedFiles) assert.ok(files.has(name), name);
      assert.ok([...files.keys()].some((name) => /^mcp-client-examples\/./.test(name)));
      for (const [name, content] of files) assert.doesNotMatch(content, secret, name);
    },
  ],
  [
    'its files fit together: the contract, its digest, the source at the plane and in the runner',
    '5',
    async (stand) => {
      const triple = await pushActive(stand);
      const files = filesIn(await download(stand, triple));
      const json = (name: string) => JSON.parse(files.get(name) ?? '');
      const { cloud } = cloudFile.parse(json('synapsor.cloud.json'));
      assert.equal(digestOf(json('synapsor.contract.json')), triple.digest);
      const expected = {
        project_id: stand.project,
        source_id: stand.source,
        runner_source_id: ALIAS,
        contract_id: triple.contract_id,
        contract_version_id: triple.contract_version_id,
        contract_digest: triple.digest,
      };
      for (const [name, value] of Object.entries(expected))
        assert.equal(Object.entries(cloud).find(([key]) => key === name)?.[1], value, name);
      const config = runnerFile.parse(json('synapsor.runner.json'));
      assert.deepEqual(Object.keys(config.sources), [ALIAS]);
    },
  ],
  [
    'each download names a runner of its own',
    '5',
    async (stand) => {
      const triple = await pushActive(stand);
      const ids = [];
      for (let turn = 0; turn < 2; turn += 1) {
        const file = filesIn(await download(stand, triple)).get('synapsor.cloud.json') ?? '';
        ids.push(cloudFile.parse(JSON.parse(file)).cloud.runner_id);
      }
      assert.notEqual(ids[0], ids[1]);
    },
  ],
  [
    'what cannot be had is an error with a code and a message',
    '1.4, 2.3',
    async (stand) => {
      const triple = await pushActive(stand);
      const versions = `/v1/control/projects/${stand.project}/agent-contracts/${triple.contract_id}/versions`;
      refuses(
        await stand.human.get(`${versions}/ctv_none/runner-bundle?download=1&source_id=${stand.source}`),
        404,
      );
      const foreign = `${versions}/${triple.contract_version_id}/runner-bundle?download=1&source_id=src_none`;
      refuses(await stand.human.get(foreign), 404);
    },
  ],
);
