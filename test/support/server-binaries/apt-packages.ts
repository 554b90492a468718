import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fetched } from './cache.ts';
import { runProgram } from './run-program.ts';

/** A package, and the release of Debian or Ubuntu that carries it. */
export interface AptPackage {
  readonly distribution: 'debian' | 'ubuntu';
  readonly suite: string;
  readonly component?: string;
  readonly name: string;
}

/** What a distribution signs with comes with it; either of the two brings the other's as a package. */
const keyrings = {
  debian: {
    path: 'usr/share/keyrings/debian-archive-keyring.gpg',
    elsewhere: {
      distribution: 'ubuntu',
      suite: 'noble',
      component: 'universe',
      name: 'debian-archive-keyring',
    },
  },
  ubuntu: {
    path: 'usr/share/keyrings/ubuntu-archive-keyring.gpg',
    elsewhere: { distribution: 'debian', suite: 'trixie', name: 'ubuntu-keyring' },
  },
} as const;

const DEPENDENCIES = [
  'depends',
  '--recurse',
  ...['recommends', 'suggests', 'conflicts', 'breaks', 'replaces', 'enhances'].map((kind) => `--no-${kind}`),
];
/** Of what a server depends on, it needs the C library and the other libraries; the rest is for its upkeep. */
const LIBRARY = /^(lib|zlib)/;
const NEEDLESS_LIBRARY = /^lib(perl|db5|gdbm)/;

/**
 * Unpacks a package and the libraries that it needs into a folder. It uses the machine's apt with a state of its own,
 * and leaves the packages that the machine has alone.
 */
export async function unpackApt(wanted: AptPackage, folder: string): Promise<void> {
  await unpack(wanted, await keyringOf(wanted.distribution), folder);
}

async function keyringOf(distribution: AptPackage['distribution']): Promise<string> {
  const { path, elsewhere } = keyrings[distribution];
  const own = join('/', path);
  if (existsSync(own)) return own;
  const other = join('/', keyrings[elsewhere.distribution].path);
  if (!existsSync(other)) throw new Error('this machine has no keys of Debian or Ubuntu');
  const root = await fetched(`keyring-${distribution}`, (folder) => unpack(elsewhere, other, folder));
  return join(root, path);
}

async function unpack(wanted: AptPackage, keyring: string, folder: string): Promise<void> {
  const work = await mkdtemp(join(tmpdir(), 'countersign-apt-'));
  try {
    const apt = await privateApt(wanted, keyring, work);
    await runProgram(['apt-get', ...apt, 'update', '-oAPT::Update::Error-Mode=any']);
    const listed = await runProgram(['apt-cache', ...apt, ...DEPENDENCIES, wanted.name]);
    const packages = new Set(listed.split('\n').filter((line) => line === wanted.name || isLibrary(line)));
    const downloads = join(work, 'downloads');
    await mkdir(downloads);
    await runProgram(['apt-get', ...apt, 'download', ...packages], { cwd: downloads });
    for (const file of await readdir(downloads)) {
      await runProgram(['dpkg-deb', '-x', join(downloads, file), folder]);
    }
  } finally {
    await rm(work, { recursive: true, force: true });
  }
}

/** Lines that begin a package hold its name alone; a name with a colon is of another architecture. */
function isLibrary(line: string): boolean {
  return LIBRARY.test(line) && !line.includes(':') && !NEEDLESS_LIBRARY.test(line);
}

async function privateApt(wanted: AptPackage, keyring: string, work: string): Promise<readonly string[]> {
  const { distribution, suite, component = 'main' } = wanted;
  for (const path of ['sources', 'lists/partial', 'cache/archives/partial']) {
    await mkdir(join(work, path), { recursive: true });
  }
  const source = [
    'Types: deb',
    `URIs: ${await mirrorOf(distribution)}`,
    `Suites: ${suite}`,
    `Components: ${component}`,
    `Signed-By: ${keyring}`,
    '',
  ];
  await writeFile(join(work, 'sources', 'wanted.sources'), source.join('\n'));
  return [
    '-q',
    '-oDir::Etc::sourcelist=/dev/null',
    `-oDir::Etc::sourceparts=${join(work, 'sources')}`,
    `-oDir::State::Lists=${join(work, 'lists')}`,
    `-oDir::Cache=${join(work, 'cache')}`,
    // The folder is this account's alone, and root's apt would go there under another one.
    '-oAPT::Sandbox::User=root',
    '-oAcquire::Retries=1',
  ];
}

/** The mirror that the machine is set up with, which a closed network may have for a reason. */
async function mirrorOf(distribution: AptPackage['distribution']): Promise<string> {
  const listed = await runProgram(['apt-get', 'indextargets', '--format', '$(REPO_URI)']);
  const isMirror = (uri: string) => new RegExp(`/${distribution}/?$`).test(uri) && !uri.includes('security');
  return listed.split('\n').find(isMirror) ?? publicMirror(distribution);
}

function publicMirror(distribution: AptPackage['distribution']): string {
  if (distribution === 'debian') return 'http://deb.debian.org/debian';
  // Ubuntu keeps what is not for PCs on another server.
  return process.arch === 'x64' ? 'http://archive.ubuntu.com/ubuntu' : 'http://ports.ubuntu.com/ubuntu-ports';
}
