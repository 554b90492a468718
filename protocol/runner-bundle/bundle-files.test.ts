import { describe, expect, test } from 'vitest';
import { contractDigest } from '../contract/contract-digest.ts';
import type { AgentContract } from '../contract/contract-document.ts';
import { billingContract } from '../contract/sample-contracts.ts';
import { Refused } from '../problem.ts';
import { bundleFiles } from './bundle-files.ts';

const RUNNER = { projectId: 'acme', versionId: 'ctv_1', contractId: 'ctr_1', runnerId: 'runner_1' };

function filesOf(
  contract: AgentContract,
  changes: { sourceId?: string; engine?: 'postgres' | 'mysql' } = {},
) {
  const digest = contractDigest(contract);
  return bundleFiles({ ...RUNNER, contract, digest, sourceId: 'src_1', engine: 'postgres', ...changes });
}

function read(files: Readonly<Record<string, string>>, path: string) {
  return JSON.parse(files[path] ?? '');
}

function withSources(...sources: readonly (string | undefined)[]): AgentContract {
  const contract = billingContract();
  const [capability] = contract.capabilities;
  if (capability === undefined) throw new Error('the sample has capabilities');
  const { source: _, ...rest } = capability;
  return {
    ...contract,
    capabilities: sources.map((source, index) => ({
      ...rest,
      name: `billing.waive_${index}`,
      ...(source === undefined ? {} : { source }),
    })),
  };
}

describe('a bundle', () => {
  test('has the files that an existing runner looks for, and at least one example for clients', () => {
    const paths = Object.keys(filesOf(billingContract()));
    expect(paths.slice(0, 5)).toEqual([
      'synapsor.contract.json',
      'synapsor.runner.json',
      'synapsor.cloud.json',
      '.env.example',
      'README.md',
    ]);
    expect(paths.slice(5).every((path) => path.startsWith('mcp-client-examples/'))).toBe(true);
    expect(paths.length).toBeGreaterThan(5);
  });

  test('holds the contract as it is registered, so that its digest is the same', () => {
    const contract = { ...billingContract(), 'x-runner-note': { kept: [1, null] } };
    const files = filesOf(contract);
    expect(read(files, 'synapsor.contract.json')).toEqual(contract);
    expect(read(files, 'synapsor.cloud.json').cloud.contract_digest).toBe(
      contractDigest(read(files, 'synapsor.contract.json')),
    );
  });

  test('binds the source of the project to the alias by which the contract names it', () => {
    const files = filesOf(billingContract());
    expect(read(files, 'synapsor.cloud.json').cloud).toMatchObject({
      source_id: 'src_1',
      runner_source_id: 'billing',
      runner_id: 'runner_1',
      project_id: 'acme',
      engines: ['postgres'],
    });
    expect(read(files, 'synapsor.runner.json').sources).toEqual({
      billing: {
        engine: 'postgres',
        read_url_env: 'SYNAPSOR_DATABASE_READ_URL',
        write_url_env: 'SYNAPSOR_DATABASE_WRITE_URL',
      },
    });
  });

  test.each([
    ['no source: the project has one name for it', [undefined], 'src_1', ['src_1']],
    ['one source: that is its alias', ['desk', undefined], 'desk', ['desk']],
    ['several, this one among them', ['desk', 'src_1'], 'src_1', ['src_1', 'desk']],
  ])('of a contract that names %s', (_title, sources, alias, all) => {
    const files = filesOf(withSources(...sources));
    expect(read(files, 'synapsor.cloud.json').cloud.runner_source_id).toBe(alias);
    expect(Object.keys(read(files, 'synapsor.runner.json').sources)).toEqual(all);
  });

  test.each([
    ['several sources and not this one', withSources('desk', 'shop'), {}],
    ['tables of the other engine', billingContract(), { engine: 'mysql' as const }],
  ])('is refused for a contract that names %s', (_title, contract, changes) => {
    expect(() => filesOf(contract, changes)).toThrow(
      expect.objectContaining({ refusal: expect.objectContaining({ code: 'source_not_in_contract' }) }),
    );
    expect(() => filesOf(contract, changes)).toThrow(Refused);
  });

  test('is refused for a binding that names no variable: its lines would be run by whoever sources the file', () => {
    const contract = billingContract();
    const key = 'X=1\ntouch there #';
    contract.contexts[0]?.bindings.push({ name: 'desk_no', source: 'environment', key });
    expect(() => filesOf(contract)).toThrow(
      expect.objectContaining({ refusal: expect.objectContaining({ code: 'contract_invalid' }) }),
    );
  });

  test('names every variable that must be set once, with a placeholder, and hands no client a way to write', () => {
    const contract = billingContract();
    contract.contexts[0]?.bindings.push({ name: 'desk_no', source: 'environment', key: 'DESK_NO' });
    const files = filesOf(contract);
    const lines = (files['.env.example'] ?? '').split('\n').filter((line) => line.includes('='));
    expect(lines).toEqual([
      'SYNAPSOR_CLOUD_BASE_URL=replace-me',
      'SYNAPSOR_RUNNER_TOKEN=replace-me',
      'SYNAPSOR_DATABASE_READ_URL=replace-me',
      'SYNAPSOR_DATABASE_WRITE_URL=replace-me',
      'DESK_NO=replace-me',
    ]);
    for (const [path, text] of Object.entries(files)) {
      if (path.startsWith('mcp-client-examples/')) expect(text).not.toContain('WRITE_URL');
      expect(text).not.toMatch(/syn_(run|sess|ops|inv)_|:\/\/[^/\s]+:[^/\s]+@|bearer/i);
    }
  });
});
