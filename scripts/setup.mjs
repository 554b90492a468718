// Installs the dependencies when package-lock.json is not the one that was installed last; else does nothing.
//
// Plain JavaScript without dependencies: it runs before there are any, on whatever Node the machine has. It stands
// in npm's `pre` scripts and not in front of an `&&`: a shell remembers where it found `node` the first time, and
// would go on using the system's after the install has put Node 24 first on the PATH.
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { closeSync, existsSync, mkdirSync, openSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const OLDEST_MAJOR = 20;
const root = fileURLToPath(new URL('..', import.meta.url));
const modules = join(root, 'node_modules');
/** SHA-256 of the lock file that node_modules was installed from; written only after a complete install. */
const stamp = join(modules, '.countersign-lock');
/** Held while installing; outside node_modules, which `npm ci` begins by deleting. Holds the owner's process id. */
const mutex = join(root, '.countersign', 'setup.pid');
const POLL_MS = 200;

if (Number.parseInt(process.versions.node, 10) < OLDEST_MAJOR) {
  stop(1, `Node ${OLDEST_MAJOR} or newer is needed, and this is ${process.version}.`);
}
if (!isInstalled()) {
  acquireMutex();
  // Another run may have installed while this one waited for it.
  const status = isInstalled() ? 0 : install();
  rmSync(mutex, { force: true });
  process.exitCode = status;
}

/** Whether node_modules is complete and from the lock file as it now is. */
function isInstalled() {
  return read(stamp) === lockHash() && hasOwnNode();
}

function lockHash() {
  return createHash('sha256')
    .update(readFileSync(join(root, 'package-lock.json')))
    .digest('hex');
}

/** The `node` package brings its binary by an install script, which some npm settings suppress. */
function hasOwnNode() {
  return ['node', 'node.exe'].some((name) => existsSync(join(modules, 'node', 'bin', name)));
}

/** @returns {number} the exit code */
function install() {
  const hash = lockHash();
  // What stands in node_modules is about to go: should the install break off, the next run must not trust it.
  rmSync(stamp, { force: true });
  say('installing dependencies (npm ci), because package-lock.json changed or nothing is installed yet');
  // npm itself must run on the system's Node, since the one in node_modules/.bin is deleted on the way.
  const path = (process.env.PATH ?? '').split(delimiter).filter((entry) => !entry.startsWith(modules));
  // The tools are devDependencies, also where NODE_ENV says production.
  const npm = spawnSync('npm', ['ci', '--include=dev'], {
    cwd: root,
    env: { ...process.env, PATH: path.join(delimiter) },
    stdio: ['ignore', 'inherit', 'inherit'],
    // On Windows npm is a script, which only a shell starts.
    shell: process.platform === 'win32',
  });
  if (npm.error) {
    return complain(1, `npm could not be started (${npm.error.message}); it comes with Node.`);
  }
  if (npm.status !== 0) {
    const code = npm.status ?? 1;
    return complain(
      code,
      `the install failed: npm ci ended with ${npm.signal ?? code}; its reason stands above.`,
    );
  }
  if (!hasOwnNode()) {
    return complain(
      1,
      'the install left no Node 24: is npm told to ignore install scripts (ignore-scripts)?',
    );
  }
  writeFileSync(stamp, hash);
  return 0;
}

/** Waits until no other run is installing. A mutex whose owner is gone is taken over. */
function acquireMutex() {
  mkdirSync(join(root, '.countersign'), { recursive: true });
  for (let waits = 0; !tryMutex(); waits += 1) {
    const owner = Number(read(mutex));
    // Empty for the moment between creating the file and writing the id into it: give that moment.
    if (owner > 0 ? !isAlive(owner) : waits > 5) {
      rmSync(mutex, { force: true });
    } else {
      if (waits === 0) {
        say(`another run (process ${owner}) is installing; waiting for it`);
      }
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, POLL_MS);
    }
  }
}

function tryMutex() {
  try {
    const file = openSync(mutex, 'wx');
    writeFileSync(file, String(process.pid));
    closeSync(file);
    return true;
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'EEXIST') {
      return false;
    }
    throw error;
  }
}

/** @param {number} pid */
function isAlive(pid) {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    // Someone else's process is alive too.
    return error instanceof Error && 'code' in error && error.code === 'EPERM';
  }
}

/** @param {string} path @returns {string | undefined} the file's text; undefined where there is none */
function read(path) {
  return existsSync(path) ? readFileSync(path, 'utf8') : undefined;
}

/** @param {string} line */
function say(line) {
  process.stderr.write(`countersign: ${line}\n`);
}

/** @param {number} code @param {string} line @returns {number} the code */
function complain(code, line) {
  say(line);
  return code;
}

/** @param {number} code @param {string} line @returns {never} */
function stop(code, line) {
  say(line);
  process.exit(code);
}
