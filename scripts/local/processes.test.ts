import { mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { type ChildSpec, Processes } from './processes.ts';

const TEST_TIMEOUT_MS = 30_000;
const PROCESSES_MODULE = new URL('./processes.ts', import.meta.url).href;

let folder: string;
let processes: Processes;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'countersign-processes-'));
  processes = new Processes({ logFolder: join(folder, 'logs'), stopGraceMs: 5_000 });
});

afterEach(async () => {
  await processes.stopAll();
  await rm(folder, { recursive: true });
});

/** A child that runs `code` and is ready with the rest of the line that begins with "ready ". */
async function childOf(name: string, code: string, readyTimeoutMs = 10_000): Promise<ChildSpec<string>> {
  const script = join(folder, `${name}.mjs`);
  await writeFile(script, code);
  return {
    name,
    script,
    args: ['an argument'],
    env: { FROM_PARENT: 'a value' },
    readReady: (line) => (line.startsWith('ready ') ? line.slice('ready '.length) : null),
    readyTimeoutMs,
  };
}

/** Stays alive, and says in the journal when it is asked to stop. */
function serving(name: string): string {
  return `
    import { appendFileSync } from 'node:fs';
    process.on('SIGTERM', () => {
      appendFileSync(${JSON.stringify(join(folder, 'journal'))}, '${name}\\n');
      process.exit(0);
    });
    setInterval(() => {}, 60_000);
    console.log('ready ${name}');`;
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}

test('a child gets its arguments and environment, and is ready when it says so', {
  timeout: TEST_TIMEOUT_MS,
}, async () => {
  const child = await processes.start(
    await childOf(
      'child',
      `console.log('starting');
       console.log('ready', process.argv[2], process.env.FROM_PARENT);
       setInterval(() => {}, 60_000);`,
    ),
  );
  expect(child.ready).toBe('an argument a value');
  await child.stop();
  expect(await child.exited).toEqual({ code: null, signal: 'SIGTERM' });
  const log = join(folder, 'logs', 'child.log');
  await vi.waitFor(async () => {
    expect(await readFile(log, 'utf8')).toBe('starting\nready an argument a value\n');
  });
  expect((await stat(log)).mode & 0o777).toBe(0o600);
});

test('all are stopped, the youngest first, and none is started afterwards', {
  timeout: TEST_TIMEOUT_MS,
}, async () => {
  for (const name of ['first', 'second', 'third']) await processes.start(await childOf(name, serving(name)));
  await processes.stopAll();
  expect(await readFile(join(folder, 'journal'), 'utf8')).toBe('third\nsecond\nfirst\n');
  const late = processes.start(await childOf('late', serving('late')));
  await expect(late).rejects.toMatchObject({ code: 'stopping' });
});

test('one that does not listen to SIGTERM is killed after the grace time', {
  timeout: TEST_TIMEOUT_MS,
}, async () => {
  const child = await new Processes({ logFolder: join(folder, 'logs'), stopGraceMs: 300 }).start(
    await childOf(
      'stubborn',
      `process.on('SIGTERM', () => {}); setInterval(() => {}, 60_000); console.log('ready 1');`,
    ),
  );
  await child.stop();
  expect(await child.exited).toEqual({ code: null, signal: 'SIGKILL' });
});

test('one that fails before it is ready is reported with what it said last', {
  timeout: TEST_TIMEOUT_MS,
}, async () => {
  const failing = await childOf(
    'failing',
    `for (let line = 1; line <= 30; line++) console.log('line ' + line);
     console.error('no such thing'); process.exitCode = 3;`,
  );
  const message = await processes.start(failing).catch((fault) => `${fault.code}: ${fault.message}`);
  expect(message).toMatch(
    /^child_exited: failing ended with code 3 before it was ready\. Its last output:\n/,
  );
  expect(message).toContain('  line 30\n');
  expect(message).toContain('  no such thing\n');
  expect(message).not.toContain('  line 10\n');
  expect(message).toContain(join(folder, 'logs', 'failing.log'));
});

test('one that is not ready in time is reported and stopped', { timeout: TEST_TIMEOUT_MS }, async () => {
  const slow = await childOf(
    'slow',
    `import { writeFileSync } from 'node:fs';
     writeFileSync(${JSON.stringify(join(folder, 'pid'))}, String(process.pid));
     console.log('still at it'); setInterval(() => {}, 60_000);`,
    3_000,
  );
  const fault = await processes.start(slow).catch((cause) => cause);
  expect(fault).toMatchObject({
    code: 'child_not_ready',
    message: expect.stringMatching(/^slow was not ready after 3 s\. Its last output:\n {2}still at it\n/),
  });
  expect(isAlive(Number(await readFile(join(folder, 'pid'), 'utf8')))).toBe(false);
});

test('children end, in good order, when their parent is killed', { timeout: TEST_TIMEOUT_MS }, async () => {
  const grandchild = await childOf('grandchild', serving('grandchild'));
  const { readReady: _, ...rest } = grandchild;
  const parent = await processes.start(
    await childOf(
      'parent',
      `import { Processes } from ${JSON.stringify(PROCESSES_MODULE)};
       const processes = new Processes({ logFolder: ${JSON.stringify(join(folder, 'inner'))}, stopGraceMs: 5_000 });
       const child = await processes.start({
         ...${JSON.stringify(rest)},
         readReady: (line) => (line.startsWith('ready ') ? line : null),
       });
       console.log('ready ' + child.process.pid);`,
    ),
  );
  const pid = Number(parent.ready);
  expect(isAlive(pid)).toBe(true);
  parent.process.kill('SIGKILL');
  await parent.exited;
  await vi.waitFor(() => expect(isAlive(pid)).toBe(false), { timeout: 10_000 });
  expect(await readFile(join(folder, 'journal'), 'utf8')).toBe('grandchild\n');
});
