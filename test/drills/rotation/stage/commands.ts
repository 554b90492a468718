import { spawn } from 'node:child_process';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type Ended, endOf } from '../../../support/served-plane.ts';

const KEYS_PAGE = join(import.meta.dirname, '../../../../docs/operations/keys.md');

/** A shell in which printed commands run as they stand: `countersign` is the built one, and `wrangler` keeps what it is given. */
export class Commands {
  readonly #folder: string;
  /** All that any of them printed. */
  printed = '';

  private constructor(folder: string) {
    this.#folder = folder;
  }

  static async prepare(folder: string, program: string): Promise<Commands> {
    const bin = join(folder, 'bin');
    await mkdir(bin, { recursive: true });
    await mkdir(join(folder, 'secrets'));
    const script = (text: string) => `#!/bin/sh\n${text}\n`;
    const executable = { mode: 0o755 };
    await writeFile(
      join(bin, 'countersign'),
      script(`exec "${process.execPath}" "${program}" "$@"`),
      executable,
    );
    // wrangler secret put NAME --config FILE
    await writeFile(
      join(bin, 'wrangler'),
      script(
        `[ "$1 $2 $4" = "secret put --config" ] || exit 9\ncat > "${folder}/secrets/$(echo "$5" | tr / .).$3"`,
      ),
      executable,
    );
    return new Commands(folder);
  }

  /** What a Worker was given as a secret. */
  async secretOf(worker: string, name: string): Promise<string> {
    return readFile(join(this.#folder, 'secrets', `${worker.replaceAll('/', '.')}.${name}`), 'utf8');
  }

  async run(line: string): Promise<Ended> {
    const { PATH = '' } = process.env;
    const child = spawn('/bin/sh', ['-c', line], {
      cwd: this.#folder,
      env: { PATH: `${join(this.#folder, 'bin')}:${PATH}`, COUNTERSIGN_CONFIG_DIR: this.#folder },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    const ended = await endOf(child);
    this.printed += ended.out + ended.err;
    return ended;
  }

  /** The same, where it has to end well. */
  async well(line: string): Promise<Ended> {
    const ended = await this.run(line);
    if (ended.code !== 0) throw new Error(`${line}: ended with ${ended.code}: ${ended.err}`);
    return ended;
  }

  /** What a command says to a program. */
  async json(line: string): Promise<unknown> {
    return JSON.parse((await this.well(`${line} --json`)).out);
  }
}

/** The command of the page that begins so. */
export async function commandOnPage(start: string): Promise<string> {
  const page = await readFile(KEYS_PAGE, 'utf8');
  const line = page.split('\n').find((one) => one.startsWith(start));
  if (line === undefined) throw new Error(`${KEYS_PAGE} has no command ${start}`);
  return line.replace(/ +#.*$/, '');
}
