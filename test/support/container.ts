import { type ChildProcess, execFile, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { promisify } from 'node:util';

/** Becomes root of a user namespace, which may mount; needs no rights on the machine. */
const asMounter = ['--user', '--map-root-user', '--mount'];

/** From there: a user without a capability, and namespaces in which the next process is number 1. */
const asContainer = (uid: string, gid: string) => [
  ...['--user', `--map-user=${uid}`, `--map-group=${gid}`],
  ...['--mount', '--pid', '--fork', '--kill-child=SIGKILL', '--mount-proc'],
];

/** Makes the folder $1 a file system that nobody inside can write but for the folders $2, and the root of what follows. */
const containerScript = `set -e; root=$1; folders=$2; shift 2
mount --bind "$root" "$root"
for folder in $folders; do mount --rbind "\${folder%%:*}" "$root\${folder#*:}"; done
mount -o remount,bind,ro,nosuid,nodev "$root"
exec unshare --root="$root" --wd=/ "$@"`;

/** Why this machine cannot do what a container needs; undefined when it can. */
export function whyNoNamespaces(): string | undefined {
  const probe = spawnSync('unshare', [...asMounter, 'unshare', ...asContainer('1', '1'), 'true'], {
    encoding: 'utf8',
  });
  if (probe.status === 0) return undefined;
  return probe.error?.message ?? (probe.stderr.trim() || `unshare ended with ${probe.status}`);
}

export interface ContainerOptions {
  /** The folder of its file system. */
  readonly root: string;
  /** Folders of this machine that it sees too: `/dev:/dev`. Their places are there in its file system. */
  readonly folders?: readonly string[];
  /** `<uid>:<gid>`. */
  readonly user: string;
  readonly argv: readonly string[];
  readonly env?: NodeJS.ProcessEnv;
}

/** What a container engine makes of an image, without one. */
export class Container {
  readonly exit: Promise<number | string>;
  readonly #child: ChildProcess;
  #text = '';

  constructor({ root, folders = [], user, argv, env = {} }: ContainerOptions) {
    const [uid = '', gid = ''] = user.split(':');
    const inner = [...asContainer(uid, gid), '--', ...argv];
    const args = [...asMounter, '/bin/sh', '-c', containerScript, 'sh', root, folders.join(' '), ...inner];
    const child = spawn('unshare', args, {
      env: { PATH: process.env.PATH, ...env },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    for (const stream of [child.stdout, child.stderr]) {
      stream.on('data', (data) => {
        this.#text += data;
      });
    }
    this.#child = child;
    this.exit = once(child, 'close').then(([code, signal]): number | string => code ?? signal);
  }

  /** Process 1, by its number on this machine. */
  async pid(): Promise<number> {
    return Number(await childrenOf(this.#child.pid));
  }

  /** What is waited for, or an error with all that was written when the container ends first. */
  unlessEnded<Waited>(waited: Promise<Waited>): Promise<Waited> {
    const early = async () => {
      throw new Error(`it ended (${await this.exit}):\n${this.#text}`);
    };
    return Promise.race([waited, early()]);
  }

  /** Resolves when this stands in what was written; throws when the container ends first. */
  says(text: string): Promise<void> {
    const heard = new Promise<void>((resolve) => {
      const listen = () => void (this.#text.includes(text) && resolve());
      for (const stream of [this.#child.stdout, this.#child.stderr]) stream?.on('data', listen);
      listen();
    });
    return this.unlessEnded(heard);
  }

  async kill(): Promise<void> {
    this.#child.kill('SIGKILL');
    await this.exit;
  }
}

/** The children of a process, also those that have ended and were not waited for: numbers with blanks between. */
export async function childrenOf(pid: number | undefined): Promise<string> {
  return (await readFile(`/proc/${pid}/task/${pid}/children`, 'utf8')).trim();
}

/** Runs a command beside process 1, as a container engine runs a health check; resolves with what it prints. */
export async function inside(pid: number, argv: readonly string[]): Promise<string> {
  const enter = ['--user', '--preserve-credentials', '--pid', '--mount', '--root', '--wd'];
  const { stdout } = await promisify(execFile)('nsenter', [`--target=${pid}`, ...enter, '--', ...argv]);
  return stdout.trim();
}
