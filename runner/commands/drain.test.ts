import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
// biome-ignore lint/plugin: the servers that tests start are shared by all packages and stand outside them
import { FakeControlPlane } from '../../test/support/fake-control-plane.ts';
import { exitCodes } from '../exit-codes.ts';
import { Lanes } from '../loops/lanes.ts';
import { Operating } from '../operating/operating.ts';
import { OperatingServer } from '../operating/operating-server.ts';
import { sampleConfig } from '../verify/sample-job.ts';
import { drain } from './drain.ts';

let plane: FakeControlPlane;
let daemon: OperatingServer;
let folder: string;
let lanes: Lanes;
let reports: { waiting: number; oldestWaitingMs: number };

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'countersign-drain-'));
});
afterAll(() => rm(folder, { recursive: true }));
beforeEach(async () => {
  plane = await FakeControlPlane.start();
  lanes = new Lanes(8);
  reports = { waiting: 0, oldestWaitingMs: 0 };
  const operating = new Operating(new Map([['src_shop', 'postgres']]), {
    databases: new Map(),
    drain: new AbortController().signal,
    now: () => performance.now(),
  });
  operating.observe({ kind: 'serving', sourceId: 'src_shop', lanes });
  operating.observe({ kind: 'reporting', reports });
  daemon = await OperatingServer.listen({ host: '127.0.0.1', port: 0 }, operating, () => undefined);
});
afterEach(async () => {
  await daemon.close();
  await plane.stop();
});

interface Run {
  readonly isUndo?: boolean;
  readonly port?: number | undefined;
  readonly timeoutSeconds?: number;
  readonly token?: string;
  readonly url?: string;
  readonly isJson?: boolean;
}

async function run({
  isUndo = false,
  port = daemon.port,
  timeoutSeconds = 30,
  token = plane.token,
  url = plane.url,
  isJson = true,
}: Run = {}) {
  const configPath = join(folder, 'runner.json');
  const control_plane = { ...sampleConfig.control_plane, url };
  await writeFile(configPath, JSON.stringify({ ...sampleConfig, control_plane, http: { port } }));
  let [out, err] = ['', ''];
  const code = await drain({
    configPath,
    isUndo,
    timeoutSeconds,
    isJson,
    environment: { COUNTERSIGN_RUNNER_TOKEN: token },
    print: (text) => {
      out += text;
    },
    complain: (text) => {
      err += text;
    },
  });
  return { code, out, err, document: out === '' || !isJson ? undefined : JSON.parse(out) };
}

const beats = () => plane.requests.map(({ body, route }) => [route, body]);

describe('drain', () => {
  test('tells the control plane that this runner takes nothing more, of any source', async () => {
    const { code, document } = await run();
    expect(code).toBe(exitCodes.ok);
    expect(document).toMatchObject({
      runner_id: 'runner-1',
      status: 'draining',
      idle: true,
      held: { jobs: { src_shop: 0 }, reports: 0 },
    });
    expect(beats()).toEqual([
      [
        'runner-heartbeat',
        expect.objectContaining({ runner_id: 'runner-1', status: 'draining', source_ids: ['src_shop'] }),
      ],
    ]);
  });

  test('waits until the daemon holds no job and has reported everything', async () => {
    const { promise, resolve: finish } = Promise.withResolvers<void>();
    lanes.run('row', () => promise);
    reports.waiting = 1;
    const drained = run();
    await plane.until(() => plane.count('runner-heartbeat') === 1);
    expect((await run({ timeoutSeconds: 0 })).document).toMatchObject({
      idle: false,
      held: { jobs: { src_shop: 1 }, reports: 1 },
    });
    finish();
    await lanes.until(() => lanes.isEmpty);
    expect((await run({ timeoutSeconds: 0 })).document).toMatchObject({
      idle: false,
      held: { jobs: { src_shop: 0 }, reports: 1 },
    });
    reports.waiting = 0;
    expect(await drained).toMatchObject({ code: exitCodes.ok, document: { idle: true } });
  });

  test('says what is still held when its time is over', async () => {
    lanes.run('row', () => Promise.withResolvers<void>().promise);
    expect(await run({ timeoutSeconds: 0 })).toMatchObject({
      code: exitCodes.failed,
      document: { idle: false, held: { jobs: { src_shop: 1 }, reports: 0 } },
    });
  });

  test('says that nobody is there to tell', async () => {
    expect(await run({ port: 1 })).toMatchObject({
      code: exitCodes.ok,
      document: { idle: null, held: null },
    });
    expect(await run({ port: 0 })).toMatchObject({
      code: exitCodes.ok,
      document: { idle: null, held: null },
    });
  });

  test('--undo does not go against an operator, and says so', async () => {
    plane.heartbeat = { status: 'draining' };
    const undone = await run({ isUndo: true });
    expect(undone).toMatchObject({ code: exitCodes.failed, document: { status: 'draining' } });
  });

  test('--undo says that it is in service again', async () => {
    expect(await run({ isUndo: true })).toMatchObject({ code: exitCodes.ok, document: { status: 'online' } });
    expect(beats()).toEqual([['runner-heartbeat', expect.objectContaining({ status: 'online' })]]);
  });

  test('lets nothing that a daemon says steer the terminal', async () => {
    const held = new Lanes(8);
    held.run('row', () => Promise.withResolvers<void>().promise);
    const other = '\u009b2Jsrc';
    const operating = new Operating(new Map([[other, 'postgres']]), {
      databases: new Map(),
      drain: new AbortController().signal,
      now: () => performance.now(),
    });
    operating.observe({ kind: 'serving', sourceId: other, lanes: held });
    operating.observe({ kind: 'reporting', reports });
    const hostile = await OperatingServer.listen({ host: '127.0.0.1', port: 0 }, operating, () => undefined);
    const { out } = await run({ port: hostile.port, timeoutSeconds: 0, isJson: false });
    await hostile.close();
    expect(out).toContain('jobs (\uFFFD2Jsrc 1)');
  });

  test('is refused, or finds nobody', async () => {
    expect(await run({ token: 'syn_run_other' })).toMatchObject({
      code: exitCodes.refused,
      err: expect.stringContaining('token_invalid'),
    });
    expect(await run({ url: 'http://127.0.0.1:1' })).toMatchObject({
      code: exitCodes.unreachable,
      err: expect.stringContaining('network_unavailable'),
    });
  });
});
