import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { digest } from '@countersign/protocol/canonical-json';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { FakePlane } from '../testing/fake-plane.ts';
import { runCli } from '../testing/run-cli.ts';

const documents = ['model', 'echo', 'collect'].map((handler) => ({ task: 'judge', handler }));
const versions = documents
  .map((document, place) => ({ version: place + 1, digest: digest(document), document }))
  .toReversed();
const piece = { kind: 'route', name: 'r', status: 'active', active_version: 2, newest_version: 3, versions };
const READ = 'GET /v1/control/registry/route/r';

let plane: FakePlane;
let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'countersign-registry-'));
});
afterAll(() => rm(folder, { recursive: true }));
beforeEach(async () => {
  plane = await FakePlane.start();
  plane.on(READ, { body: piece });
  plane.on('POST /v1/control/registry/route/r/activate', { body: { status: 'active', revision: 7 } });
});
afterEach(() => plane.stop());

const cli = (...args: string[]) =>
  runCli(args, { environment: { COUNTERSIGN_URL: plane.url, COUNTERSIGN_TOKEN: 't' } });
const sent = () => plane.seen.filter(({ line }) => line.startsWith('POST')).map(({ body }) => body);

async function file(name: string, content: string): Promise<string> {
  await writeFile(join(folder, name), content);
  return join(folder, name);
}

describe('activating', () => {
  test('shows what changes, and sends the digest of the newest', async () => {
    const ran = await cli('registry', 'activate', 'route', 'r', '--reason', 'agreed');
    expect(ran).toEqual({
      code: 0,
      err: '',
      out: `route r: version 2 (in force) -> version 3
  {
-   "handler": "echo",
+   "handler": "collect",
    "task": "judge"
  }

route r, version 3, is in force; revision 7
`,
    });
    expect(sent()).toEqual([{ digest: versions[0]?.digest, reason: 'agreed' }]);
  });

  test('takes an older version, and shows on stderr where stdout is for a program', async () => {
    const ran = await cli('registry', 'activate', 'route', 'r', '--version', '1', '--json');
    expect(JSON.parse(ran.out)).toEqual({ status: 'active', revision: 7 });
    expect(ran.err).toContain('+   "handler": "model"');
    expect(sent()).toEqual([{ digest: versions[2]?.digest }]);
  });

  test('shows all of it where none is in force', async () => {
    plane.on(READ, { body: { ...piece, active_version: null } });
    expect(
      (await cli('registry', 'activate', 'route', 'r')).out,
    ).toContain(`route r: nothing in force -> version 3
+ {
+   "handler": "collect",
+   "task": "judge"
+ }
`);
  });

  test('of a version that there is not, or that is not what was saved, is not done', async () => {
    expect(await cli('registry', 'activate', 'route', 'r', '--version', '4')).toMatchObject({
      code: 1,
      out: '',
    });
    const forged = versions.map((one) => (one.version === 3 ? { ...one, document: { task: '*' } } : one));
    plane.on(READ, { body: { ...piece, versions: forged } });
    expect(await cli('registry', 'activate', 'route', 'r')).toMatchObject({ code: 4, out: '' });
    expect(sent()).toEqual([]);
  });
});

describe('diff', () => {
  test('of two versions says what changed, by its exit code too', async () => {
    const ran = await cli('registry', 'diff', 'route', 'r', '3', '1', '--json');
    expect(ran.code).toBe(10);
    expect(JSON.parse(ran.out)).toEqual({
      ok: true,
      kind: 'route',
      name: 'r',
      from: 3,
      to: 1,
      changes: [
        { sign: '-', text: '  "handler": "collect",' },
        { sign: '+', text: '  "handler": "model",' },
      ],
    });
    expect(await cli('registry', 'diff', 'route', 'r')).toMatchObject({
      code: 10,
      out: expect.stringContaining('version 2 (in force) -> version 3'),
    });
  });
});

describe('saving', () => {
  beforeEach(() =>
    plane.on('POST /v1/control/registry', { body: { version: 3, digest: 'sha256:3', status: 'draft' } }),
  );

  test('sends a document as it is, and a text as the document that it is the text of', async () => {
    const [route, words] = [await file('r.json', '{"task":"*"}'), await file('p.md', 'Be kind.\n')];
    expect((await cli('registry', 'save', 'route', 'r', route)).out).toContain('saved as version 3');
    await cli('registry', 'save', 'prompt', 'p', words);
    await cli('registry', 'save', 'skill', 's', words, '--description', 'tone');
    expect(sent()).toEqual([
      { kind: 'route', name: 'r', document: { task: '*' } },
      { kind: 'prompt', name: 'p', document: { text: 'Be kind.\n' } },
      { kind: 'skill', name: 's', document: { description: 'tone', text: 'Be kind.\n' } },
    ]);
  });

  test('of what is no document is not tried', async () => {
    expect(await cli('registry', 'save', 'route', 'r', await file('l.json', '[]'))).toMatchObject({
      code: 2,
    });
    expect(await cli('registry', 'save', 'route', 'r', await file('r.txt', 'task'))).toMatchObject({
      code: 1,
    });
    expect(sent()).toEqual([]);
  });
});
