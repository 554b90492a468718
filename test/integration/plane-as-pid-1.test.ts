import { execFile } from 'node:child_process';
import { access, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { buildCli } from '@countersign/cli/build';
import { imageFacts } from '@countersign/runner/deploy/dockerfile';
import { buildServe } from '@countersign/serve/build';
import { gatherPlane } from '@countersign/serve/deploy/gather-plane';
import { parseConfig } from '@countersign/serve/load-config';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { Container, inside, whyNoNamespaces } from '../support/container.ts';
import { send } from '../support/http.ts';
import { freePort } from '../support/server-binaries/guarded-process.ts';

const DEPLOY = join(import.meta.dirname, '../../serve/deploy');
const STATE = '/var/lib/countersign';
const CONFIG = 'etc/countersign/countersign.json';
const { user, entrypoint, command, healthcheck } = imageFacts(DEPLOY);

const obstacle = whyNoNamespaces();
if (obstacle !== undefined) console.warn(`The plane is NOT tested as process 1: ${obstacle}`);

let folder: string;
let root: string;
let state: string;
let container: Container | undefined;

beforeAll(async () => {
  if (obstacle !== undefined) return;
  folder = await mkdtemp(join(tmpdir(), 'countersign-plane-image-'));
  root = join(folder, 'root');
  state = join(folder, 'state');
  await Promise.all([buildCli(), buildServe()]);
  await gatherPlane(join(folder, 'plane'));
  const script = join(DEPLOY, 'image-root.sh');
  await promisify(execFile)('sh', [script, process.execPath, join(folder, 'plane'), root]);
  // What a container engine brings: its devices, and the volume.
  await mkdir(join(root, 'dev'));
  await mkdir(join(root, STATE), { recursive: true });
  await mkdir(state, { mode: 0o700 });
}, 120_000);

afterEach(() => container?.kill());
afterAll(async () => {
  if (obstacle === undefined) await rm(folder, { recursive: true, force: true });
});

/** The configuration of the example, on a port that is free here. */
async function configure(): Promise<string> {
  const parsed = parseConfig(await readFile(join(DEPLOY, 'container.json'), 'utf8'));
  if (!('config' in parsed)) throw new Error(parsed.faults.join('; '));
  const port = await freePort();
  const { listen, ...rest } = parsed.config;
  await writeFile(join(root, CONFIG), JSON.stringify({ ...rest, listen: { ...listen, port } }));
  return `http://127.0.0.1:${port}`;
}

const title = 'the image serves as process 1, without rights, on a root that cannot be written';
const skipped = obstacle === undefined ? '' : ` (SKIPPED, no namespaces here: ${obstacle})`;
test.skipIf(obstacle !== undefined)(
  `${title}${skipped}`,
  async () => {
    const origin = await configure();
    container = new Container({
      root,
      folders: ['/dev:/dev', `${state}:${STATE}`],
      user,
      argv: [...entrypoint, ...command],
    });
    await container.says('"event":"plane.serving"');
    expect((await send(origin, { method: 'GET', path: '/health' })).status).toBe(200);
    const pid = await container.pid();
    const status = await readFile(`/proc/${pid}/status`, 'utf8');
    expect(status).toMatch(/^NSpid:.*\t1$/m);
    expect(status).toMatch(/^CapEff:\t0+$/m);
    const node = entrypoint.slice(0, 1);
    expect(await inside(pid, [...node, '-p', `[process.getuid(), process.getgid()].join(':')`])).toBe(user);
    const write = `try { fs.writeFileSync('/written', '') } catch ({ code }) { console.log(code) }`;
    expect(await inside(pid, [...node, '-e', write])).toBe('EROFS');

    // Fails unless it ends with 0.
    expect(await inside(pid, healthcheck)).toContain('/var/lib/countersign/store');

    process.kill(pid, 'SIGTERM');
    expect(await container.exit).toBe(0);
    await expect(access(`/proc/${pid}`)).rejects.toThrow('ENOENT');
    // What is kept is in the volume.
    await access(join(state, 'store/plane/d1'));
  },
  120_000,
);
