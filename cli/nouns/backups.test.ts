import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { FakePlane, problem } from '../testing/fake-plane.ts';
import { type Circumstances, runCli } from '../testing/run-cli.ts';
import {
  layOut,
  listed,
  type SampleSnapshot,
  SNAPSHOT_ID,
  sampleSnapshot,
  TAKEN_AT,
  work,
} from '../testing/sample-backups.ts';

let plane: FakePlane;
let folder: string;
let sample: SampleSnapshot;
/** What the world's clock shows; a pause moves it. */
let now: number;

beforeAll(async () => {
  sample = await sampleSnapshot();
});
beforeEach(async () => {
  plane = await FakePlane.start();
  folder = await mkdtemp(join(tmpdir(), 'countersign-backup-'));
  now = Date.parse('2026-11-21T12:00:00Z');
});
afterEach(async () => {
  await plane.stop();
  await rm(folder, { recursive: true });
});

const cli = (args: readonly string[], circumstances: Circumstances = {}) =>
  runCli(['backup', ...args], {
    environment: {
      COUNTERSIGN_URL: plane.url,
      COUNTERSIGN_TOKEN: 'token-of-olivia',
      COUNTERSIGN_PROJECT: 'prj_1',
      COUNTERSIGN_CONFIG_DIR: folder,
    },
    now: () => now,
    pause: async (milliseconds) => {
      now += milliseconds;
    },
    ...circumstances,
  });

const asked = () => plane.seen.map(({ line }) => line.split('?')[0]);
const words = (text: string) => text.replaceAll(/\s+/g, ' ');

describe('the list', () => {
  test('has alarms first, then the last proven restore, and every snapshot', async () => {
    const alarm = {
      code: 'snapshot_refused',
      since: '2026-11-21T11:00:00Z',
      message: 'the record ends before the last one',
      next: 'find out what happened',
    };
    const refused = { ...sample.view, state: 'refused', refused_because: 'shrunken' };
    const aside = { ...sample.view, snapshot_id: `${SNAPSHOT_ID}X`, reason: 'before_restore' };
    plane.on('GET /v1/backups', {
      body: {
        ...listed,
        alarms: [alarm],
        snapshots: [sample.view, refused, aside],
        last_proven_restore: { at: TAKEN_AT, snapshot_id: SNAPSHOT_ID, took_ms: 2_400 },
        work: [work, { ...work, state: 'failed', trouble: 'fault', ended_at: TAKEN_AT }],
      },
    });
    const { code, out } = await cli(['list']);
    expect(code).toBe(0);
    expect(out.startsWith('ALARM: snapshot_refused, since 1h ago\n  the record ends')).toBe(true);
    expect(words(out)).toContain(`last proven restore 3h ago, of ${SNAPSHOT_ID}, in 2s`);
    expect(words(out)).toContain('a snapshot every 1d, a proof when asked for');
    for (const state of ['good', 'refused: shrunken', 'set aside']) expect(words(out)).toContain(state);
    expect(words(out)).toContain(`snapshot of ${SNAPSHOT_ID} is under way: ledger, 40 entries`);
    expect(words(out)).toContain('failed (fault), 3h ago');
    for (const line of out.split('\n')) expect(line.length).toBeLessThanOrEqual(80);
  });

  test('says so where nothing was ever copied', async () => {
    plane.on('GET /v1/backups', { body: { ...listed, last_snapshot_at: null } });
    expect((await cli(['list'])).out).toMatch(/^last snapshot +never$/m);
  });

  test('has nothing in it that moves a cursor', async () => {
    const hostile = '\u001b[2J';
    plane.on('GET /v1/backups', {
      body: {
        ...listed,
        alarms: [{ code: hostile, since: hostile, message: hostile, next: hostile }],
        snapshots: [{ ...sample.view, snapshot_id: hostile, state: hostile, refused_because: hostile }],
        work: [{ ...work, kind: hostile, phase: hostile, trouble: hostile }],
      },
    });
    expect((await cli(['list'])).out).not.toContain('\u001b');
  });
});

describe('work that is waited for', () => {
  const over = { ...work, state: 'done', phase: 'sign', ended_at: TAKEN_AT };

  test('is looked at until it is over', async () => {
    plane.on('POST /v1/backups', { status: 202, body: work });
    plane.on('GET /v1/backups', { body: { ...listed, work: [work] } }, { body: { ...listed, work: [over] } });
    const ran = await cli(['create', '--wait']);
    expect(ran).toMatchObject({
      code: 0,
      err: '  snapshot: ledger, 40 entries\n  snapshot: sign, 40 entries\n',
    });
    expect(words(ran.out)).toContain(`snapshot of ${SNAPSHOT_ID} went well`);
    expect(asked()).toEqual(['POST /v1/backups', 'GET /v1/backups', 'GET /v1/backups']);
  });

  test('fails where it failed, with the code', async () => {
    plane.on(`POST /v1/backups/${SNAPSHOT_ID}/verify`, { status: 202, body: { ...work, kind: 'verify' } });
    const failed = { ...over, kind: 'verify', state: 'failed', trouble: 'file_altered' };
    plane.on('GET /v1/backups', { body: { ...listed, work: [failed] } });
    const ran = await cli(['verify', SNAPSHOT_ID, '--json']);
    expect(ran.code).toBe(1);
    expect(JSON.parse(ran.out)).toMatchObject({ state: 'failed', trouble: 'file_altered' });
  });

  test('goes on while the control plane cannot be reached', async () => {
    plane.on('POST /v1/backups/prove', { status: 202, body: work });
    const away = problem(503, 'unavailable', 'in a moment', { retryable: true });
    plane.on('GET /v1/backups', away, away, away, { body: { ...listed, work: [over] } });
    expect(await cli(['prove', '--wait'])).toMatchObject({ code: 0 });
  });

  test('is told where nobody knows of it any more', async () => {
    plane.on('POST /v1/backups', { status: 202, body: work });
    plane.on('GET /v1/backups', { body: listed });
    const ran = await cli(['create', '--wait']);
    expect(ran).toMatchObject({ code: 1, out: '' });
    expect(ran.err).toContain('bkp_1 is not in the list any more');
  });

  test('of which there is some already is a conflict', async () => {
    plane.on('POST /v1/backups', problem(409, 'backup_busy', 'a proof is under way'));
    expect(await cli(['create'])).toMatchObject({ code: 4, out: '' });
  });
});

describe('a restore', () => {
  const begun = { ...work, kind: 'restore', phase: 'check' };
  const over = { ...begun, phase: 'open', state: 'done', ended_at: TAKEN_AT };
  const freeze = {
    freeze_id: 'frz_1',
    scope: { kind: 'project' },
    is_stop: true,
    reason: 'restored',
    placed_by_name: 'Countersign',
    placed_at: TAKEN_AT,
    until: null,
    state: 'in_force',
  };
  const args = ['restore', SNAPSHOT_ID, '--reason', 'lost', '--over', 'acme'];
  const goesWell = () => {
    const list = { ...listed, snapshots: [sample.view] };
    plane.on('GET /v1/backups', { body: list }, problem(404, 'project_not_found', 'no'), {
      body: { ...list, work: [over] },
    });
    plane.on('POST /v1/backups/restore', { status: 202, body: begun });
    plane.on('GET /v1/freezes', problem(404, 'project_not_found', 'no'), {
      body: { is_stopped: true, freezes: [freeze] },
    });
  };

  test('shows what will happen, asks, follows it, and says what holds and what to do', async () => {
    goesWell();
    const ran = await cli(args, { typed: 'restore' });
    expect(ran.code).toBe(0);
    expect(ran.out).toContain('The project is closed first');
    expect(ran.out).toContain('set aside as a snapshot of its own');
    expect(ran.err).toContain(`Type restore to restore ${SNAPSHOT_ID}`);
    expect(ran.err).toContain('the project is closed; its owner in the directory sees how it goes');
    expect(ran.out).toContain('countersign fleet lift frz_1 --reason "receipts compared"');
    const [wish] = plane.seen.filter(({ line }) => line.startsWith('POST'));
    expect(wish?.body).toEqual({ snapshot_id: SNAPSHOT_ID, reason: 'lost', over: 'acme' });
  });

  test('answers a program with the work and the freezes, and shows the plan beside', async () => {
    goesWell();
    const ran = await cli([...args, '--yes', '--json']);
    expect(JSON.parse(ran.out)).toMatchObject({ work: { state: 'done' }, freezes: [{ freeze_id: 'frz_1' }] });
    expect(ran.err).toContain('The project is closed first');
  });

  test.each([
    ['nobody can be asked', undefined, 2],
    ['somebody types something else', 'yes', 1],
  ])('does not begin where %s', async (_what, typed, code) => {
    goesWell();
    expect(await cli(args, typed === undefined ? {} : { typed })).toMatchObject({ code });
    expect(asked()).toEqual(['GET /v1/backups']);
  });

  test('of what is not there asks for nothing', async () => {
    plane.on('GET /v1/backups', { body: listed });
    expect(await cli([...args, '--yes'])).toMatchObject({ code: 1, out: '' });
    expect(asked()).toEqual(['GET /v1/backups']);
  });

  describe('over a record that cannot say what was taken away', () => {
    const unknown = { ...over, phase: 'carry', state: 'failed', trouble: 'losses_unknown' };
    const notice = 'the record in its place does not verify: what was revoked is valid again';
    const accepted = {
      ...over,
      work_id: 'bkp_2',
      losses: { found: null, not_carried_because: 'not_verified', notice },
    };
    const wishes = () =>
      plane.seen.filter(({ line }) => line.startsWith('POST')).map(({ body }) => Object(body).accept_revoked);
    beforeEach(() => {
      const list = { ...listed, snapshots: [sample.view] };
      plane.on(
        'GET /v1/backups',
        { body: list },
        { body: { ...list, work: [unknown] } },
        { body: { ...list, work: [accepted, unknown] } },
      );
      const again = { ...begun, work_id: 'bkp_2' };
      plane.on('POST /v1/backups/restore', { status: 202, body: begun }, { status: 202, body: again });
      plane.on('GET /v1/freezes', { body: { is_stopped: true, freezes: [freeze] } });
    });

    test('asks once more, and says what is valid again', async () => {
      const ran = await cli(args, { typed: ['restore', 'accept'] });
      expect(ran.code).toBe(0);
      expect(words(ran.out)).toContain('MEMBERS THAT WERE REMOVED AFTER IT, ARE VALID AGAIN');
      expect(words(ran.out)).toContain(`CAUTION: ${notice}`);
      expect(ran.out).toContain('countersign runner-tokens list');
      expect(wishes()).toEqual([undefined, 'acme']);
    });

    test('goes no further where nobody accepts it', async () => {
      expect(await cli(args, { typed: ['restore', 'restore'] })).toMatchObject({ code: 1 });
      expect(wishes()).toEqual([undefined]);
    });

    test('takes no --yes for it', async () => {
      const ran = await cli([...args, '--yes']);
      expect(ran.code).toBe(1);
      expect(words(ran.out)).toContain('--accept-revoked acme says that you know');
      expect(wishes()).toEqual([undefined]);
    });

    test('takes the label for it where that is said beforehand', async () => {
      await cli([...args, '--yes', '--accept-revoked', 'acme']);
      expect(wishes()[0]).toBe('acme');
    });
  });

  test('says how many losses were carried over', async () => {
    goesWell();
    const list = { ...listed, snapshots: [sample.view] };
    const carried = { ...over, losses: { found: 3, not_carried_because: null } };
    plane.on('GET /v1/backups', { body: list }, { body: { ...list, work: [carried] } });
    const ran = await cli([...args, '--yes']);
    expect(words(ran.out)).toContain('was taken away again (3 found)');
    expect(ran.out).not.toContain('CAUTION');
  });

  test('that failed says with what', async () => {
    goesWell();
    const list = { ...listed, snapshots: [sample.view] };
    const failed = { ...over, state: 'failed', trouble: 'snapshot_refused' };
    plane.on('GET /v1/backups', { body: list }, { body: { ...list, work: [failed] } });
    const ran = await cli([...args, '--yes']);
    expect(ran.code).toBe(1);
    expect(words(ran.out)).toContain('failed (snapshot_refused)');
    expect(asked()).not.toContain('GET /v1/freezes');
  });
});

describe('a snapshot in a folder', () => {
  let keys: string;
  beforeEach(async () => {
    await layOut(join(folder, 'snapshot'), sample);
    keys = join(folder, 'keys.json');
    await writeFile(keys, JSON.stringify({ keys: sample.keys }));
  });
  const verify = (...more: string[]) => cli(['verify', '--from', join(folder, 'snapshot'), ...more]);

  test('is verified without a plane', async () => {
    const ran = await verify('--keys', keys);
    expect(ran.code).toBe(0);
    expect(words(ran.out)).toContain('holds snapshot snp_');
    expect(words(ran.out)).toContain('signed by first');
    expect(plane.seen).toEqual([]);
  });

  test('says that nobody has checked who signed it, where no keys are named', async () => {
    const ran = await verify();
    expect(ran.code).toBe(0);
    expect(ran.out).toContain('NOT CHECKED');
    expect(JSON.parse((await verify('--json')).out)).toMatchObject({ signature_checked: false });
  });

  test('that somebody else signed does not hold', async () => {
    await layOut(join(folder, 'snapshot'), await sampleSnapshot());
    const ran = await verify('--keys', keys);
    expect(ran).toMatchObject({ code: 1, out: expect.stringContaining('signature_bad') });
  });

  test.each([0, 1])('that was touched in file %i does not hold', async (place) => {
    const [name = ''] = [...sample.files.keys()].slice(place);
    const path = join(folder, 'snapshot', name);
    const bytes = await readFile(path);
    bytes[20] = (bytes[20] ?? 0) ^ 1;
    await writeFile(path, bytes);
    const ran = await verify('--keys', keys);
    expect(ran).toMatchObject({ code: 1, out: expect.stringContaining(`${name}: file_altered`) });
  });

  test('that lacks a file, or a manifest, is told', async () => {
    const [name = ''] = sample.files.keys();
    await rm(join(folder, 'snapshot', name));
    expect((await verify('--keys', keys)).out).toContain('file_missing');
    await rm(join(folder, 'snapshot', 'manifest.json'));
    const ran = await verify();
    expect(ran).toMatchObject({
      code: 1,
      out: '',
      err: expect.stringContaining('there is no manifest.json'),
    });
  });

  test.each(['{"because":"shrunken"}', 'anything'])(
    'that was refused is not taken for good: %s',
    async (text) => {
      await writeFile(join(folder, 'snapshot', 'refused.json'), text);
      const ran = await verify('--keys', keys);
      expect(ran).toMatchObject({ code: 1, out: expect.stringContaining('does not stand for the record') });
    },
  );
});

describe('a snapshot that is fetched', () => {
  const manifestPath = `GET /v1/backups/${SNAPSHOT_ID}/manifest`;
  const filePath = (name: string) => `GET /v1/backups/${SNAPSHOT_ID}/files/${name}`;
  const into = () => join(folder, 'elsewhere');
  const fetched = (...more: string[]) => cli(['fetch', SNAPSHOT_ID, '--to', into(), ...more]);

  function serve(changes: Partial<SampleSnapshot> = {}) {
    const { files, keys, manifest, view } = { ...sample, ...changes };
    plane.on('GET /v1/backups', { body: { ...listed, snapshots: [view], keys } });
    plane.on(manifestPath, { body: manifest });
    for (const [name, body] of files) plane.on(filePath(name), { body });
  }

  test('lies there as in a backup folder, byte for byte, with its manifest last', async () => {
    serve();
    const ran = await fetched();
    expect(ran).toMatchObject({ code: 0, out: expect.stringContaining('1 entries in 2 files, verified') });
    const there = join(into(), 'prj_1', SNAPSHOT_ID);
    expect((await readdir(there)).sort()).toEqual([...sample.files.keys(), 'manifest.json'].sort());
    for (const [name, bytes] of sample.files)
      expect(await readFile(join(there, name))).toEqual(Buffer.from(bytes));
    expect(await readFile(join(there, 'manifest.json'), 'utf8')).toBe(sample.manifest);
    expect(await cli(['verify', '--from', there])).toMatchObject({ code: 0 });
    // Again, it finds everything there.
    expect(await fetched()).toMatchObject({ code: 0 });
  });

  test('has no manifest while a file of it has not come', async () => {
    serve();
    const [, last = ''] = sample.files.keys();
    plane.on(filePath(last), problem(404, 'snapshot_not_found', 'no'));
    expect(await fetched()).toMatchObject({ code: 1, out: '' });
    const there = join(into(), 'prj_1', SNAPSHOT_ID);
    expect(await readdir(there)).not.toContain('manifest.json');
    serve();
    expect(await fetched()).toMatchObject({ code: 0 });
  });

  test('replaces nothing', async () => {
    serve();
    const [first = ''] = sample.files.keys();
    await layOut(join(into(), 'prj_1', SNAPSHOT_ID), {
      ...sample,
      files: new Map([[first, Buffer.from('mine')]]),
    });
    expect(await fetched()).toMatchObject({ code: 3, err: expect.stringContaining('is there already') });
    expect(await readFile(join(into(), 'prj_1', SNAPSHOT_ID, first), 'utf8')).toBe('mine');
  });

  test('leads nowhere but into the folder', async () => {
    const { manifest } = await sampleSnapshot({ project_id: '../../out' });
    serve({ manifest });
    expect(await fetched()).toMatchObject({ code: 1, err: expect.stringContaining('of something else') });
    expect(await readdir(folder)).toEqual([]);
  });

  test('is believed by the keys that somebody kept, and not by those of the plane', async () => {
    serve();
    const kept = join(folder, 'kept.json');
    await writeFile(kept, JSON.stringify({ keys: (await sampleSnapshot()).keys }));
    expect(await fetched('--keys', kept)).toMatchObject({
      code: 1,
      err: expect.stringContaining('signature_bad'),
    });
  });

  test('stays refused where it was', async () => {
    serve({ view: { ...sample.view, state: 'refused', refused_because: 'shrunken' } });
    expect((await fetched()).out).toContain('and it was refused: shrunken');
    const there = join(into(), 'prj_1', SNAPSHOT_ID);
    expect(await cli(['verify', '--from', there])).toMatchObject({ code: 1 });
  });
});
