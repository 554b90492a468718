import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { entryHash, genesisHash, type LedgerEntry } from '@countersign/protocol/ledger';
import { ExportWriter } from '@countersign/protocol/ledger-export';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { FakePlane, problem } from '../testing/fake-plane.ts';
import { runCli } from '../testing/run-cli.ts';

let plane: FakePlane;
let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'countersign-cli-'));
});
afterAll(() => rm(folder, { recursive: true }));
beforeEach(async () => {
  plane = await FakePlane.start();
});
afterEach(() => plane.stop());

const cli = (...args: string[]) =>
  runCli(args, {
    environment: { COUNTERSIGN_URL: plane.url, COUNTERSIGN_TOKEN: 't', COUNTERSIGN_CONFIG_DIR: folder },
  });

function ledger(length: number): LedgerEntry[] {
  let prev_hash = genesisHash('prj_1');
  return Array.from({ length }, (_, place) => {
    const unsealed = {
      tenant: 'prj_1',
      seq: place + 1,
      at: '2026-11-21T10:00:00.000Z',
      actor: { kind: 'agent', id: 'ž' } as const,
      type: 'proposal.submitted' as const,
      subject: `wrp_${place}`,
      body: { place },
      prev_hash,
      prev_subject_seq: null,
      prev_subject_hash: null,
    };
    prev_hash = entryHash(unsealed);
    return { ...unsealed, hash: prev_hash };
  });
}

function exported(length: number): string {
  const writer = new ExportWriter({ project_id: 'prj_1', scope: 'whole' });
  const lines = ledger(length).map((entry) => writer.line(entry));
  return lines.join('') + writer.manifest('2026-11-21T12:00:00Z');
}

async function saved(text: string): Promise<string> {
  const path = join(folder, 'saved.ndjson');
  await writeFile(path, text);
  return path;
}

describe('verify', () => {
  test('says that a record holds, and of what it is', async () => {
    const ran = await cli('verify', await saved(exported(300)));
    expect(ran).toMatchObject({ code: 0, err: '' });
    expect(ran.out).toContain('entries   300, 1 to 300');
    expect(plane.seen).toEqual([]);
  });

  test.each([
    ['edited', (lines: string[]) => lines.with(4, lines.at(4)?.replace('"place":4', '"place":5') ?? '')],
    ['dropped', (lines: string[]) => lines.toSpliced(4, 1)],
    ['inserted', (lines: string[]) => lines.toSpliced(4, 0, lines.at(2) ?? '')],
    ['reordered', (lines: string[]) => lines.with(4, lines.at(5) ?? '').with(5, lines.at(4) ?? '')],
    ['truncated', (lines: string[]) => lines.slice(0, 8)],
    ['malformed', (lines: string[]) => lines.toSpliced(4, 0, 'hello')],
    ['manifest_altered', (lines: string[]) => lines.map((line) => line.replace('T12:00:00Z', 'T13:00:00Z'))],
    ['foreign', (lines: string[]) => lines.with(4, lines.at(4)?.replace('prj_1', 'prj_2') ?? '')],
  ])('finds what was %s', async (code, tamper) => {
    const path = await saved(tamper(exported(12).split('\n')).join('\n'));
    const ran = await cli('verify', path);
    expect(ran).toMatchObject({ code: 1, err: '' });
    expect(ran.out).toContain(`: ${code}: `);
    const { out } = await cli('verify', path, '--json');
    expect(JSON.parse(out)).toMatchObject({ ok: false, fault: { code, line: expect.any(Number) } });
  });

  test('finds bytes that are no text', async () => {
    const path = await saved('');
    await writeFile(path, Buffer.concat([Buffer.from(exported(3)), Buffer.from([0xff, 0x0a])]));
    expect(await cli('verify', path)).toMatchObject({ code: 1 });
  });

  test('compares with a head that is known', async () => {
    const path = await saved(exported(12));
    const head = ledger(12).at(-1)?.hash ?? '';
    expect(await cli('verify', path, '--head', head)).toMatchObject({ code: 0 });
    expect(await cli('verify', path, '--head', genesisHash('x'))).toMatchObject({ code: 1 });
  });

  test('of a file that is not there', async () => {
    expect(await cli('verify', join(folder, 'none'))).toMatchObject({ code: 1, out: '' });
  });
});

describe('export', () => {
  test('saves what it has verified', async () => {
    plane.on('GET /v1/ledger/export', { body: exported(500) });
    const path = join(folder, 'whole.ndjson');
    const ran = await cli('ledger', 'export', '-o', path);
    expect(ran).toMatchObject({ code: 0, out: `${path}: 500 entries, verified\n` });
    expect(await readFile(path, 'utf8')).toBe(exported(500));
    expect(await cli('ledger', 'export', '-o', path)).toMatchObject({ code: 3 });
  });

  test('goes to stdout as it comes', async () => {
    plane.on('GET /v1/proposals/wrp_1/export', { body: exported(3) });
    expect(await cli('ledger', 'export', '--proposal', 'wrp_1')).toMatchObject({ code: 0, out: exported(3) });
  });

  test('leaves no file behind of what broke off, or was refused', async () => {
    const path = join(folder, 'half.ndjson');
    plane.on('GET /v1/ledger/export', { body: exported(3).slice(0, -50) });
    expect(await cli('ledger', 'export', '-o', path)).toMatchObject({ code: 1, out: '' });
    plane.on('GET /v1/ledger/export', problem(403, 'forbidden', 'auditors only'));
    expect(await cli('ledger', 'export', '-o', path)).toMatchObject({ code: 3, out: '' });
    for (const name of [path, `${path}.part`]) await expect(readFile(name)).rejects.toThrow('ENOENT');
  });
});
