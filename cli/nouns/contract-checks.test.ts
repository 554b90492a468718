import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { digest } from '@countersign/protocol/canonical-json';
import { cleanContract } from '@countersign/protocol/contract-lint/sample-clean';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { FakePlane, problem } from '../testing/fake-plane.ts';
import { runCli } from '../testing/run-cli.ts';

const BASE = '/v1/control/projects/prj_1/agent-contracts';

let plane: FakePlane;
let folder: string;
let clean: string;
let reworded: string;
let dangerous: string;
let worrying: string;

/** The contract in which the lint finds nothing, with the first capability's arguments and proposal changed. */
async function contractFile(name: string, change: (text: string) => string): Promise<string> {
  const path = join(folder, name);
  const contract = cleanContract();
  const [first, ...rest] = contract.capabilities;
  const changed = JSON.parse(change(JSON.stringify(first)));
  await writeFile(path, JSON.stringify({ ...contract, capabilities: [changed, ...rest] }));
  return path;
}

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'countersign-cli-'));
  clean = await contractFile('clean.json', (text) => text);
  reworded = await contractFile('reworded.json', (text) => text.replace('The weight in grams', 'Grams'));
  dangerous = await contractFile('dangerous.json', (text) =>
    text.replace('"minimum":0,"maximum":30000,', '').replace(/"numeric_bounds":\{.*?\}\},/, ''),
  );
  worrying = await contractFile('worrying.json', (text) => text.replace('"max_length":200,', ''));
});
afterAll(() => rm(folder, { recursive: true }));
beforeEach(async () => {
  plane = await FakePlane.start();
});
afterEach(() => plane.stop());

const offline = (...args: string[]) => runCli(args, { environment: { COUNTERSIGN_CONFIG_DIR: folder } });
const cli = (...args: string[]) =>
  runCli(args, {
    environment: {
      COUNTERSIGN_URL: plane.url,
      COUNTERSIGN_TOKEN: 't',
      COUNTERSIGN_PROJECT: 'prj_1',
      COUNTERSIGN_CONFIG_DIR: folder,
    },
  });
const contractIn = async (path: string) => JSON.parse(await readFile(path, 'utf8'));

function offers(versionId: string, contract: unknown, stated = digest(contract)): void {
  plane.on(`GET ${BASE}/ctr_1/versions/${versionId}`, {
    body: { version: { contract_version_id: versionId, contract, digest: stated } },
  });
}

describe('lint', () => {
  test('ends with 0 where nothing is found', async () => {
    expect(await offline('contracts', 'lint', clean)).toMatchObject({ code: 0, err: '' });
  });

  test('ends with 12 for what is dangerous, unless it is allowed', async () => {
    const ran = await offline('contracts', 'lint', dangerous);
    expect(ran).toMatchObject({ code: 12, err: '' });
    expect(ran.out).toContain('danger number_unbounded at $.capabilities[0]');
    expect(await offline('contracts', 'lint', dangerous, '--allow', 'number_unbounded')).toMatchObject({
      code: 0,
    });
    expect(await offline('contracts', 'lint', dangerous, '--allow', 'text_unbounded')).toMatchObject({
      code: 12,
    });
  });

  test('ends with 12 for less, where that is asked for', async () => {
    expect(await offline('contracts', 'lint', worrying)).toMatchObject({ code: 0 });
    expect(await offline('contracts', 'lint', worrying, '--fail-on', 'warning')).toMatchObject({ code: 12 });
    expect(await offline('contracts', 'lint', worrying, '--fail-on', 'fatal')).toMatchObject({ code: 2 });
  });

  test('tells programs the same', async () => {
    const { out } = await offline('contracts', 'lint', dangerous, '--json');
    expect(JSON.parse(out)).toMatchObject({
      ok: false,
      findings: [{ code: 'number_unbounded', severity: 'danger' }],
      stopping: ['number_unbounded'],
    });
  });

  test('of what is no contract tells everything that is wrong', async () => {
    const path = join(folder, 'wrong.json');
    await writeFile(path, JSON.stringify({ ...cleanContract(), spec_version: '9', extra: 1 }));
    const ran = await offline('contracts', 'lint', path);
    expect(ran).toMatchObject({ code: 1, out: '' });
    expect(ran.err).toContain('$.extra');
    expect(ran.err).toContain('$.spec_version');
  });
});

describe('diff', () => {
  test('of two files ends with what it found', async () => {
    expect(await offline('contracts', 'diff', clean, clean)).toMatchObject({ code: 0, out: 'no change\n' });
    const harmless = await offline('contracts', 'diff', clean, reworded);
    expect(harmless).toMatchObject({ code: 10 });
    expect(harmless.out).toContain('    description_changed');
    const risky = await offline('contracts', 'diff', clean, dangerous);
    expect(risky).toMatchObject({ code: 11 });
    expect(risky.out).toMatch(/^!! {2}/);
  });

  test('tells programs the same', async () => {
    const { code, out } = await offline('contracts', 'diff', clean, dangerous, '--json');
    expect(code).toBe(11);
    expect(JSON.parse(out)).toMatchObject({ risk_increasing: true });
  });

  test('of a file and what is in force', async () => {
    plane.on(`GET ${BASE}/ctr_1`, {
      body: { contract: { contract_id: 'ctr_1', active_version_id: 'acv_1' }, versions: [] },
    });
    offers('acv_1', await contractIn(clean));
    expect(await cli('contracts', 'diff', 'ctr_1@active', clean)).toMatchObject({ code: 0 });
    expect(await cli('contracts', 'diff', 'ctr_1@active', dangerous)).toMatchObject({ code: 11 });
    expect(await cli('contracts', 'diff', dangerous, 'ctr_1@acv_1')).toMatchObject({ code: 10 });
  });

  test('of two versions is the registry’s', async () => {
    const changes = [{ change: 'bounds_widened', area: 'capability', name: 'a.b', risk_increasing: true }];
    plane.on(`GET ${BASE}/ctr_1/diff`, { body: { changes, risk_increasing: true } });
    expect(await cli('contracts', 'diff', 'ctr_1@acv_1', 'ctr_1@acv_2')).toMatchObject({
      code: 11,
      out: '!!  bounds_widened: capability a.b\n',
    });
    expect(plane.seen.map(({ line }) => line)).toEqual([`GET ${BASE}/ctr_1/diff?from=acv_1&to=acv_2`]);
  });

  test('refuses what came with another digest', async () => {
    offers('acv_1', await contractIn(clean), digest({}));
    expect(await cli('contracts', 'diff', 'ctr_1@acv_1', clean)).toMatchObject({ code: 4 });
  });
});

describe('pull', () => {
  test('writes a new file, whose digest holds', async () => {
    const path = join(folder, 'pulled.json');
    offers('acv_1', cleanContract());
    expect(await cli('contracts', 'pull', 'ctr_1', 'acv_1', '-o', path)).toMatchObject({ code: 0 });
    expect(await contractIn(path)).toEqual(cleanContract());
    expect(await cli('contracts', 'pull', 'ctr_1', 'acv_1', '-o', path)).toMatchObject({ code: 3 });
    const { out } = await cli('contracts', 'pull', 'ctr_1', 'acv_1');
    expect(JSON.parse(out)).toEqual(cleanContract());
  });

  test('writes nothing that has another digest', async () => {
    offers('acv_1', cleanContract(), digest({}));
    expect(await cli('contracts', 'pull', 'ctr_1', 'acv_1', '-o', join(folder, 'none.json'))).toMatchObject({
      code: 4,
    });
    await expect(readFile(join(folder, 'none.json'))).rejects.toThrow('ENOENT');
  });
});

describe('push', () => {
  const pushed = {
    contract_id: 'ctr_1',
    contract_version_id: 'acv_2',
    version_number: 2,
    digest: digest(cleanContract()),
    status: 'active',
  };

  test('sends the contract with its digest, and the reason', async () => {
    const changes = [{ change: 'bounds_widened', risk_increasing: true }];
    plane.on(`POST ${BASE}`, { body: { ...pushed, version: { semantic_diff: { changes } } } });
    const ran = await cli('contracts', 'push', clean, '--activate', '--reason', 'why', '--name', 'parcels');
    expect(ran).toMatchObject({ code: 0 });
    expect(ran.out).toContain('acv_2, number 2');
    expect(ran.out).toContain('!!  bounds_widened');
    expect(plane.seen[0]?.body).toEqual({
      schema_version: 'synapsor.cloud-contract-push.v0.1',
      source: 'cli',
      contract: cleanContract(),
      local_digest: digest(cleanContract()),
      activate: true,
      reason: 'why',
      name: 'parcels',
    });
  });

  test('sends nothing that is dangerous, unless it is allowed', async () => {
    plane.on(`POST ${BASE}`, { body: pushed });
    const ran = await cli('contracts', 'push', dangerous);
    expect(ran).toMatchObject({ code: 12 });
    expect(ran.out).toContain('nothing was pushed');
    expect(plane.seen).toEqual([]);
    expect(await cli('contracts', 'push', dangerous, '--allow', 'number_unbounded')).toMatchObject({
      code: 0,
    });
  });

  test('sends nothing that is no contract', async () => {
    const path = join(folder, 'wrong.json');
    await writeFile(path, JSON.stringify({ kind: 'SynapsorContract' }));
    expect(await cli('contracts', 'push', path)).toMatchObject({ code: 1, out: '' });
    expect(plane.seen).toEqual([]);
  });

  test('ends with 12 for what only the control plane finds', async () => {
    const findings = [{ code: 'capability_twice', severity: 'danger', message: 'two contracts have it' }];
    plane.on(`POST ${BASE}`, { body: { ...pushed, version: { lint: { findings } } } });
    const ran = await cli('contracts', 'push', clean);
    expect(ran).toMatchObject({ code: 12 });
    expect(ran.out).toContain('danger capability_twice\n  two contracts have it\n');
  });

  test('tells what a missing reason would pass with', async () => {
    plane.on(
      `POST ${BASE}`,
      problem(400, 'agent_contract_activation_reason_required', 'it permits more', { next: 'send a reason' }),
    );
    const ran = await cli('contracts', 'push', clean, '--activate');
    expect(ran).toMatchObject({ code: 3 });
    expect(ran.err).toContain('next: send a reason');
  });
});
