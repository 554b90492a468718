import { createHash } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { FakePlane, problem } from '../testing/fake-plane.ts';
import { type Circumstances, runCli } from '../testing/run-cli.ts';
import { layOut, listed, sampleSnapshot, TAKEN_AT, work } from '../testing/sample-backups.ts';

let plane: FakePlane;
let folder: string;
beforeEach(async () => {
  plane = await FakePlane.start();
  folder = await mkdtemp(join(tmpdir(), 'countersign-closing-'));
});
afterEach(async () => {
  await plane.stop();
  await rm(folder, { recursive: true });
});

const cli = (args: readonly string[], circumstances: Circumstances = {}) =>
  runCli(['projects', ...args], {
    environment: {
      COUNTERSIGN_URL: plane.url,
      COUNTERSIGN_TOKEN: 'token-of-olivia',
      COUNTERSIGN_PROJECT: 'prj_1',
      COUNTERSIGN_CONFIG_DIR: folder,
    },
    pause: async () => undefined,
    ...circumstances,
  });

const sent = () => plane.seen.filter(({ line }) => line.startsWith('POST')).map(({ body }) => body);
const gone = problem(404, 'project_not_found', 'no');

describe('an archive', () => {
  const begun = { ...work, kind: 'archive', phase: 'drain' };

  test('is asked about, begun and followed', async () => {
    plane.on('POST /v1/project/archive', { status: 202, body: begun });
    plane.on('GET /v1/backups', gone, {
      body: { ...listed, work: [{ ...begun, phase: 'verify', state: 'done', ended_at: TAKEN_AT }] },
    });
    const ran = await cli(['archive', '--reason', 'it is over'], { typed: 'archive' });
    expect(ran.code).toBe(0);
    expect(ran.out).toContain('Nobody will be served');
    expect(sent()).toEqual([{ reason: 'it is over' }]);
  });

  test('is not begun where nobody agrees', async () => {
    expect(await cli(['archive', '--reason', 'it is over'], { typed: 'no' })).toMatchObject({ code: 1 });
    expect(await cli(['archive', '--yes'])).toMatchObject({ code: 2 });
    expect(plane.seen).toEqual([]);
  });
});

describe('an end', () => {
  const begun = { ...work, kind: 'delete', phase: 'machines', snapshot_id: '' };

  test('names the archive by what only its holder knows, and waits until it is gone', async () => {
    const sample = await sampleSnapshot();
    const archive = join(folder, 'archive');
    await layOut(archive, sample);
    plane.on('POST /v1/project/delete', { status: 202, body: begun });
    plane.on('GET /v1/backups', { body: { ...listed, work: [begun] } }, gone);
    const ran = await cli(['delete', 'acme', '--archive', archive, '--yes']);
    expect(ran).toMatchObject({ code: 0, out: expect.stringContaining('acme is gone') });
    const digest = createHash('sha256').update(sample.manifest).digest('hex');
    expect(sent()).toEqual([{ label: 'acme', archive_digest: `sha256:${digest}` }]);
  });

  test('does not begin with an archive that does not hold', async () => {
    const sample = await sampleSnapshot();
    const archive = join(folder, 'archive');
    await layOut(archive, sample);
    const [name = ''] = sample.files.keys();
    await writeFile(join(archive, name), 'other');
    expect(await cli(['delete', 'acme', '--archive', archive, '--yes'])).toMatchObject({ code: 1 });
    expect(plane.seen).toEqual([]);
  });

  test('without one is said twice', async () => {
    plane.on('POST /v1/project/delete', problem(422, 'label_differs', 'no'));
    expect(await cli(['delete', 'acme', '--yes'])).toMatchObject({ code: 2 });
    expect(await cli(['delete', 'acme', '--without-archive', 'other', '--yes'])).toMatchObject({ code: 3 });
    expect(sent()).toEqual([{ label: 'acme', without_archive: 'other' }]);
  });

  test('that fails says with what', async () => {
    plane.on('POST /v1/project/delete', { status: 202, body: begun });
    plane.on('GET /v1/backups', {
      body: { ...listed, work: [{ ...begun, state: 'failed', trouble: 'fault' }] },
    });
    const ran = await cli(['delete', 'acme', '--without-archive', 'acme', '--yes']);
    expect(ran).toMatchObject({ code: 1, err: expect.stringContaining('could not be ended (fault)') });
  });
});
